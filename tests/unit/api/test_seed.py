"""The demo university: believable, and true to the rule book."""

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.config import Settings
from api.database import Database
from api.models import Course, Enrollment, Section, Status, Term
from api.seed import Size, seed
from api.services import rules
from api.services.rules import Entry, Meeting, Offering, Record
from tests.unit.conftest import Clock

WHEN = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def university(settings: Settings, clock: Clock, session: Session) -> Session:
    with closing(Database(settings, clock)) as storage:
        storage.write_now(lambda work: sum(seed(work, "no hash", Size.SMALL)))
    return session


def test_people_who_were_there_before_get_their_part(settings: Settings, clock: Clock, session: Session) -> None:
    with closing(Database(settings, clock)) as storage:
        storage.write_now(lambda work: sum(islice(seed(work, "no hash", Size.SMALL), 2)))
        storage.write_now(lambda work: sum(seed(work, "no hash", Size.SMALL)))

    assert session.query(Section).filter(Section.instructor_id.is_(None)).count() == 0
    assert session.query(Enrollment).count() > 0


def test_it_has_a_past_term_a_current_and_a_next_one_that_is_open(university: Session, clock: Clock) -> None:
    past, current, coming = university.scalars(select(Term).order_by(Term.starts_on))

    today = clock.now.date()
    assert past.ends_on < current.starts_on < today < current.ends_on < coming.starts_on
    assert coming.enrollment_opens_at < clock.now < coming.enrollment_closes_at


def test_it_has_courses_with_prerequisites_and_sections_some_of_which_are_full(university: Session) -> None:
    seated = (Status.ENROLLED, Status.COMPLETED)
    sections = university.scalars(select(Section)).all()
    counts = [
        university.query(Enrollment).filter_by(section_id=each.id).filter(Enrollment.status.in_(seated)).count()
        for each in sections
    ]

    assert (university.query(Course).count(), len(sections)) == (30, 60)
    assert all(count <= section.capacity for count, section in zip(counts, sections, strict=True))
    assert any(count == section.capacity for count, section in zip(counts, sections, strict=True))
    assert university.query(Enrollment).filter_by(status=Status.WAITLISTED).count() > 10


def test_past_courses_are_graded_and_others_are_not(university: Session) -> None:
    past, *later = university.scalars(select(Term.id).order_by(Term.starts_on))

    def grades(term_ids: Sequence[int], status: Status) -> set[str | None]:
        found = select(Enrollment.grade).join(Section, Section.id == Enrollment.section_id)
        return set(university.scalars(found.where(Section.term_id.in_(term_ids), Enrollment.status == status)))

    assert None not in grades([past], Status.COMPLETED)
    assert grades([past], Status.ENROLLED) == set()
    assert grades(later, Status.ENROLLED) == {None}


def test_nobody_is_anywhere_that_the_rules_would_not_have_let_them(university: Session) -> None:
    rows = university.execute(
        select(Enrollment, Section, Course)
        .join(Section, Section.id == Enrollment.section_id)
        .join(Course, Course.id == Section.course_id)
        .where(Enrollment.status == Status.ENROLLED)
        .order_by(Enrollment.id)
    ).all()
    timetables: dict[tuple[int, int], list[Entry]] = {}

    def entry(enrollment: Enrollment, section: Section, course: Course) -> Entry:
        meetings = [Meeting(**each) for each in section.meetings]
        return Entry(enrollment.id, True, Offering(course.id, course.code, course.credits, meetings))

    for row in rows:
        one: Any = entry(*row)
        held = timetables.setdefault((row.Enrollment.student_id, row.Section.term_id), [])
        assert rules.time_conflict(one.section, Record(held)) == []
        assert rules.duplicate_course(one.section, Record(held)) == []
        held.append(one)
    assert max(sum(each.section.credits for each in held) for held in timetables.values()) <= 12
