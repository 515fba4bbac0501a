"""What a rush has left in the database, held against what was answered and against the rule book."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from api.errors import Violation
from api.models import Course, Enrollment, Prerequisite, Section, Status, Term
from api.services import rules
from api.services.rules import Entry, Meeting, Offering, Record, Window
from tests.bench.load import Answer, WrongAnswer
from tests.bench.term import SEATS, TERM, Claim

RULES = {each.code for each in Violation.__subclasses__()}
FULL = {"section_full", "waitlist_full"}


@dataclass(frozen=True)
class Made:
    """A 201: what it said, and when it was asked for and answered."""

    claim: Claim
    body: Mapping[str, Any]
    asked: float
    answered: float


def require(truth: bool, wrong: str) -> None:
    if not truth:
        raise WrongAnswer(wrong)


def audit(database_url: str, answers: Sequence[Answer]) -> None:
    """Raise WrongAnswer unless what is stored is what was answered, in order, and nobody has what they may not."""
    made, full = _told(answers)
    engine = create_engine(database_url)
    with Session(engine) as session:
        rows = session.scalars(
            select(Enrollment).join(Section).join(Term).where(Term.name == TERM).order_by(Enrollment.id)
        ).all()
        _audit_students(session, rows, made)
    engine.dispose()
    asked = {answer.question.section_id for answer in answers if isinstance(answer.question, Claim)}
    claimed = [row for row in rows if row.section_id in asked]
    require({row.id for row in claimed} == set(made), "What is stored is not what was answered 201")
    for section_id in asked:
        _audit_section([(row, made[row.id]) for row in claimed if row.section_id == section_id], section_id in full)


def _told(answers: Sequence[Answer]) -> tuple[dict[int, Made], set[int]]:
    """Each 201 by the enrollment's id; and the sections of which it was said that they are full."""
    made, full = {}, set()
    for answer in answers:
        claim, body = answer.question, json.loads(answer.content.partition(b"\r\n\r\n")[2])
        assert isinstance(claim, Claim)
        if answer.content.startswith(b"HTTP/1.1 201 "):
            require(body["id"] not in made, "One enrollment was answered twice")
            made[body["id"]] = Made(claim, body, answer.asked, answer.answered)
            continue
        broken = {each["code"] for each in body.get("violations", body["detail"])}
        require(bool(broken) and broken <= RULES, f"Refused by no rule: {body}")
        if broken & FULL:
            full.add(claim.section_id)
    return made, full


def _audit_section(rows: Sequence[tuple[Enrollment, Made]], full: bool) -> None:
    """No oversell; seats first, then the waitlist, in the order of ids: that of the commits, as clients can tell it.

    Whoever had an answer before another asked is before that other.
    """
    seats = sum(row.status is Status.ENROLLED for row, _ in rows)
    require(seats <= SEATS, f"{seats} students have a seat where there are {SEATS}")
    require(seats == SEATS or not full, f"A section was called full with {seats} of {SEATS} seats taken")
    for place, (row, told) in enumerate(rows, 1):
        claim, body = told.claim, told.body
        expected = (Status.ENROLLED, None) if place <= SEATS else (Status.WAITLISTED, place - SEATS)
        require(row.status is expected[0], f"Enrollment {row.id} is {row.status}, and number {place} in its section")
        require((body["status"], body["waitlist_position"]) == expected, f"What is stored is not {body}")
        require((row.student_id, row.section_id) == (claim.student_id, claim.section_id), f"{body} is somebody else's")
    soonest = float("inf")
    for row, told in reversed(rows):
        require(
            told.asked < soonest, f"Enrollment {row.id} overtook one that had been answered before it was asked for"
        )
        soonest = min(soonest, told.answered)


def _audit_students(session: Session, rows: Sequence[Enrollment], made: Mapping[int, Made]) -> None:
    """Each claim of a student, judged again by the rule book after those that came before it."""
    term = session.scalars(select(Term).where(Term.name == TERM)).one()
    window, now = Window(term.enrollment_opens_at, term.enrollment_closes_at, term.credit_limit), datetime.now(UTC)
    offered = {
        each.id: _offering(session, each) for each in session.scalars(select(Section).where(Section.term_id == term.id))
    }
    passed = _passed(session)
    entries: dict[int, list[Entry]] = defaultdict(list)
    for row in rows:
        if row.id in made:
            record = Record(entries[row.student_id], passed[row.student_id])
            violations = rules.ineligible(offered[row.section_id], record, window, now)
            require(not violations, f"Enrollment {row.id} stands against {violations}")
        entries[row.student_id].append(Entry(row.id, row.status is Status.ENROLLED, offered[row.section_id]))


def _offering(session: Session, section: Section) -> Offering:
    required = select(Course.id, Course.code).join(Prerequisite, Prerequisite.prerequisite_id == Course.id)
    prerequisites = session.execute(required.where(Prerequisite.course_id == section.course_id))
    course, meetings = section.course, [Meeting(**each) for each in section.meetings]
    return Offering(course.id, course.code, course.credits, meetings, [(each.id, each.code) for each in prerequisites])


def _passed(session: Session) -> Mapping[int, frozenset[int]]:
    completed = select(Enrollment.student_id, Section.course_id).join(Section)
    passed: dict[int, frozenset[int]] = defaultdict(frozenset)
    for student_id, course_id in session.execute(completed.where(Enrollment.status == Status.COMPLETED)):
        passed[student_id] |= {course_id}
    return passed
