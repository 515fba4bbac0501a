"""What goes wrong with seats: the rules, the waitlist, leaving, and races."""

# ruff: noqa: SLF001 - faults lie deep

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from api import problems
from api.database import Database
from api.errors import (
    DropDeadlinePassed,
    NotActive,
    NotEnrolled,
    PrerequisiteNotMet,
    Refusal,
    RegistrationClosed,
    Violation,
)
from api.models import Enrollment, Role, Section, Status
from api.repositories.courses import Courses
from api.repositories.enrollments import Enrollments
from api.repositories.sections import Sections
from api.repositories.terms import Terms
from api.services import courses, enrollments, rules, sections, students, terms
from api.services.desk import Desk
from api.services.preconditions import IfMatch
from api.services.rules import Meeting, Record, Room
from tests.proof.chaffs import chaff
from tests.proof.chaffs.planting import A_MOMENT, Told, answered, instead, look_then, unforeseen

ALWAYS = datetime.max.replace(tzinfo=UTC)


# asking for a seat


@chaff("enrollment.enroll")
def an_enrollment_is_answered_by_ids_alone() -> None:
    """Answers a new enrollment without its student and its section."""

    @answered
    def bare(told: Told) -> None:
        if told.asks("POST", "/enrollments") and told.status == 201:
            told.json = {field: value for field, value in told.json.items() if field not in ("student", "section")}


@chaff("enrollment.enroll-missing")
def a_missing_student_breaks_a_foreign_key() -> None:
    """Inserts without a look whether the student exists: 500."""

    @instead(enrollments)
    def enroll(right: Any, work: Any, *args: Any) -> Any:
        work.students.exists = lambda _: True
        return right(work, *args)


@chaff("enrollment.registration-closed")
def registration_never_closes() -> None:
    """Looks whether registration has opened, and not whether it has closed."""

    @instead(rules)
    def registration_closed(right: Any, window: Any, now: Any) -> Any:
        return right(replace(window, closes=ALWAYS), now)


@chaff("enrollment.registration-closed")
def registration_opens_too_early() -> None:
    """Looks whether registration has closed, and not whether it has opened."""

    @instead(rules)
    def registration_closed(right: Any, window: Any, now: Any) -> Any:
        return right(replace(window, opens=datetime.min.replace(tzinfo=UTC)), now)


@chaff("enrollment.window-moves")
def a_window_is_kept_as_it_was_first_read() -> None:
    """Caches when a term is open, and forgets it when the term is changed."""
    kept: dict[int, Any] = {}

    @instead(Desk, "__init__")
    def remember(init: Any, desk: Any, work: Any, term: Any) -> None:
        init(desk, work, term)
        first = kept.setdefault(term.id, desk._window)
        desk._window = replace(desk._window, opens=first.opens, closes=first.closes)


@chaff("enrollment.duplicate-course")
def a_course_may_be_taken_twice_at_once() -> None:
    """Does not look for duplicates."""
    instead(rules, "duplicate_course")(_no_violations)


@chaff("enrollment.duplicate-course")
def a_duplicate_is_not_named() -> None:
    """Tells that there is a duplicate, and not which enrollment it is."""

    @instead(problems, "_violation")
    def unnamed(right: Any, violation: Any) -> Any:
        return {**right(violation), "enrollment_id": None}


@chaff("enrollment.duplicate-waiting")
def who_waits_may_enroll_elsewhere() -> None:
    """Looks for duplicates among the enrolled only."""

    @instead(rules)
    def duplicate_course(right: Any, wanted: Any, record: Any) -> Any:
        return right(wanted, replace(record, entries=[entry for entry in record.entries if entry.enrolled]))


@chaff("enrollment.lost-answer")
def a_request_sent_again_succeeds_again() -> None:
    """Gets or creates: who is in the section already is answered 201 with the enrollment that there is."""

    @instead(Desk)
    def enroll(right: Any, desk: Any, student_id: int, section_id: int, **how: Any) -> Any:
        theirs = select(Enrollment.id).filter_by(student_id=student_id, section_id=section_id)
        live = theirs.where(Enrollment.status.in_((Status.ENROLLED, Status.WAITLISTED)))
        return desk._work.enrollments._session.scalar(live) or right(desk, student_id, section_id, **how)


@chaff("enrollment.other-term", "enrollment.only-that-term")
def all_terms_are_one() -> None:
    """Forgets the term: looks at all that a student is in."""

    @instead(Enrollments)
    def history(right: Any, rows: Any, student_id: int, _: int) -> Any:
        taken = select(Section.term_id).join(Enrollment, Enrollment.section_id == Section.id)
        terms_of = rows._session.scalars(taken.where(Enrollment.student_id == student_id).distinct()).all()
        return {row.id: row for term_id in terms_of for row in right(rows, student_id, term_id)}.values()


@chaff("enrollment.enroll-again", "enrollment.waits-again")
def what_has_ended_is_brought_back() -> None:
    """Keeps one row for a student and a section, and takes it again when they come back."""

    @instead(Enrollments)
    def add(right: Any, rows: Any, student_id: int, section_id: int, status: Status, at: Any) -> Any:
        before = rows._session.scalars(select(Enrollment).filter_by(student_id=student_id, section_id=section_id))
        if (old := before.first()) is None:
            return right(rows, student_id, section_id, status, at)
        old.status, old.grade = status, None
        return old.id


# prerequisites


@chaff("enrollment.prerequisite-passed")
def a_pass_takes_a_c() -> None:
    """Takes D for a failure."""
    _let_pass(lambda rows: {row.course_id for row in rows if (row.grade or "F") < "D"})


@chaff("enrollment.prerequisite")
def an_f_is_a_pass() -> None:
    """Takes every completion for a pass."""
    _let_pass(lambda rows: {row.course_id for row in rows if row.status is Status.COMPLETED})


@chaff("enrollment.prerequisite")
def to_be_in_a_course_is_to_have_passed_it() -> None:
    """Looks whether the student has ever been in the prerequisite, not what came of it."""
    _let_pass(lambda rows: {row.course_id for row in rows})


@chaff("enrollment.best-attempt")
def the_last_attempt_counts() -> None:
    """Looks at the last grade in a prerequisite only."""

    def last(rows: Iterable[Any]) -> Collection[int]:
        grades = {row.course_id: row.grade for row in rows if row.status is Status.COMPLETED}
        return [course_id for course_id, grade in grades.items() if grade != "F"]

    _let_pass(last)


@chaff("enrollment.each-prerequisite")
def one_prerequisite_is_enough() -> None:
    """Asks for any of the prerequisites, not for all."""

    @instead(rules)
    def prerequisite_not_met(right: Any, wanted: Any, record: Any) -> Any:
        return [] if any(course_id in record.passed for course_id, _ in wanted.prerequisites) else right(wanted, record)


# times and credits


@chaff("enrollment.time-conflict")
def only_one_start_conflicts() -> None:
    """Sees a conflict only where two meetings start at the same time."""

    @instead(Meeting)
    def overlaps(_: Any, meeting: Any, other: Any) -> bool:
        return bool(meeting.day == other.day and meeting.starts == other.starts)


@chaff("enrollment.touching-ends")
def touching_ends_conflict() -> None:
    """Compares times with <= instead of <."""

    @instead(Meeting)
    def overlaps(_: Any, meeting: Any, other: Any) -> bool:
        return bool(meeting.day == other.day and meeting.starts <= other.ends and other.starts <= meeting.ends)


@chaff("enrollment.touching-ends")
def every_day_is_the_same() -> None:
    """Compares times and forgets the day."""

    @instead(Meeting)
    def overlaps(right: Any, meeting: Any, other: Any) -> Any:
        return right(replace(meeting, day=other.day), other)


@chaff("enrollment.only-that-term")
def waiting_takes_time_and_credits() -> None:
    """Counts what a student waits for as if they were in it."""

    @instead(Record)
    def timetable(_: Any, record: Record) -> list[Any]:
        return [entry.section for entry in record.entries]


@chaff("enrollment.credit-limit")
def the_limit_may_not_be_reached() -> None:
    """Compares credits with >= instead of >."""

    @instead(rules)
    def credit_limit_exceeded(right: Any, wanted: Any, record: Any, window: Any) -> Any:
        return right(wanted, record, replace(window, credit_limit=window.credit_limit - 1))


@chaff("enrollment.credit-limit")
def the_course_itself_costs_nothing() -> None:
    """Adds up what the student has, and forgets what they ask for."""

    @instead(rules)
    def credit_limit_exceeded(right: Any, wanted: Any, record: Any, window: Any) -> Any:
        return right(replace(wanted, credits=0), record, window)


# seats, and the waitlist


@chaff("enrollment.section-full")
def who_finds_no_seat_waits_unasked() -> None:
    """Ignores `join_waitlist`: puts everybody on the waitlist while it has a place."""

    @instead(rules)
    def section_full(right: Any, room: Any, *, join_waitlist: bool) -> Any:
        return right(room, join_waitlist=join_waitlist or room.places > 0)


@chaff("enrollment.waitlist-full")
def a_waitlist_has_no_end() -> None:
    """Ignores the capacity of the waitlist."""
    instead(rules, "waitlist_full")(_no_violations)


@chaff("enrollment.waitlist")
def positions_count_from_zero() -> None:
    """Tells the index in the waitlist, not the position."""

    @instead(enrollments)
    def out(right: Any, row: Any) -> Any:
        told = right(row)
        told.waitlist_position = told.waitlist_position and told.waitlist_position - 1
        return told


@chaff("enrollment.seat-first")
def who_would_wait_waits() -> None:
    """Puts who says `join_waitlist` on the waitlist though there is a seat."""

    @instead(Desk)
    def enroll(right: Any, desk: Any, student_id: int, section_id: int, *, join_waitlist: bool) -> Any:
        result = right(desk, student_id, section_id, join_waitlist=join_waitlist)
        if join_waitlist and isinstance(result, int):
            desk._work.enrollments.get(result).status = Status.WAITLISTED
        return result


@chaff("enrollment.all-violations", "enrollment.each-prerequisite")
def the_first_violation_is_the_last() -> None:
    """Refuses at the first violated rule, and tells no other."""

    @instead(rules)
    def refused(right: Any, *facts: Any, join_waitlist: bool) -> Any:
        return right(*facts, join_waitlist=join_waitlist)[:1]


@chaff("enrollment.refused-no-trace")
def a_refused_request_is_kept() -> None:
    """Inserts before it judges, and marks what it refuses as dropped."""

    @instead(Desk)
    def enroll(right: Any, desk: Any, student_id: int, section_id: int, **how: Any) -> Any:
        result = right(desk, student_id, section_id, **how)
        if not isinstance(result, int):
            desk._work.enrollments.add(student_id, section_id, Status.DROPPED, desk._work.now)
        return result


@chaff("enrollment.rules-bind-all")
def students_are_bound_by_no_rule() -> None:
    """Checks the rules in the registrar's form only."""

    @instead(enrollments)
    def enroll(right: Any, work: Any, caller: Any, new: Any) -> Any:
        if caller.role is Role.STUDENT and caller.student_id == new.student_id:
            added = work.enrollments.add(new.student_id, new.section_id, Status.ENROLLED, work.now)
            return enrollments.out(work.enrollments.find(added))
        return right(work, caller, new)


# leaving


@chaff("enrollment.leave")
def a_drop_deletes() -> None:
    """Deletes the row of what is dropped."""

    @instead(enrollments)
    def change(right: Any, work: Any, caller: Any, enrollment_id: int, *args: Any) -> Any:
        left = right(work, caller, enrollment_id, *args)
        work.enrollments._session.delete(work.enrollments.get(enrollment_id))
        return left


@chaff("enrollment.left")
def a_drop_answers_nothing() -> None:
    """Answers 204 to a change of an enrollment."""

    @answered
    def empty(told: Told) -> None:
        if told.asks("PATCH", "/enrollments/[0-9]+") and told.status == 200:
            told.status, told.body = 204, b""


@chaff("enrollment.deadlines")
def one_may_always_withdraw() -> None:
    """Ignores the deadline for withdrawals."""
    _change_deadlines(lambda _: {"withdraw_deadline": ALWAYS})


@chaff("enrollment.deadlines", "enrollment.withdraw-late")
def one_may_always_drop() -> None:
    """Ignores the deadline for drops."""
    _change_deadlines(lambda _: {"drop_deadline": ALWAYS})


@chaff("enrollment.withdraw-late")
def one_deadline_is_for_both() -> None:
    """Holds withdrawals to the deadline for drops."""
    _change_deadlines(lambda term: {"withdraw_deadline": term.drop_deadline})


@chaff("enrollment.leave-waitlist")
def a_waitlist_cannot_be_left_late() -> None:
    """Holds who waits to the deadline for drops."""

    @instead(enrollments, "_locked")
    def in_time(locked: Any, work: Any, *args: Any) -> Any:
        enrollment, term = locked(work, *args)
        if enrollment.status is Status.WAITLISTED and work.now >= term.drop_deadline:
            raise DropDeadlinePassed
        return enrollment, term


@chaff("enrollment.withdraw-waitlist")
def who_waits_may_withdraw() -> None:
    """Takes the withdrawal of one who waits for a drop."""

    @instead(enrollments)
    def change(right: Any, work: Any, caller: Any, enrollment_id: int, asked: Any, *args: Any) -> Any:
        enrollment = work.enrollments.get(enrollment_id)
        if enrollment and enrollment.status is Status.WAITLISTED:
            asked = asked.model_copy(update={"status": Status.DROPPED})
        return right(work, caller, enrollment_id, asked, *args)


@chaff("enrollment.ended")
def a_completed_course_can_be_dropped() -> None:
    """Lets a student drop what they have a grade in."""

    @instead(enrollments, "_locked")
    def reopened(locked: Any, *args: Any) -> Any:
        enrollment, term = locked(*args)
        if enrollment.status is Status.COMPLETED:
            enrollment.status = Status.ENROLLED
        return enrollment, term


@chaff("enrollment.ended", "enrollment.withdraw-waitlist")
def what_cannot_end_is_answered_200() -> None:
    """Answers 200 where there is nothing to drop or to withdraw from."""

    @instead(enrollments)
    def change(right: Any, work: Any, caller: Any, enrollment_id: int, *args: Any) -> Any:
        try:
            return right(work, caller, enrollment_id, *args)
        except NotActive:
            return enrollments.out(work.enrollments.find(enrollment_id))


@chaff("enrollment.grade")
def a_grade_completes_nothing() -> None:
    """Writes the grade down, and leaves the status at enrolled."""

    @instead(enrollments)
    def grade(right: Any, work: Any, caller: Any, enrollment_id: int, *args: Any) -> Any:
        right(work, caller, enrollment_id, *args)
        work.enrollments.get(enrollment_id).status = Status.ENROLLED
        return enrollments.out(work.enrollments.find(enrollment_id))


@chaff("enrollment.grades")
def a_grade_has_no_minus() -> None:
    """Tells a C where a C- was given."""

    @instead(enrollments)
    def grade(right: Any, work: Any, caller: Any, *args: Any) -> Any:
        graded = right(work, caller, *args)
        graded.grade = "C" if graded.grade == "C-" else graded.grade
        return graded


@chaff("enrollment.grade-corrected")
def a_grade_is_final() -> None:
    """Grades the enrolled, and not the completed again."""

    @instead(enrollments)
    def grade(right: Any, work: Any, caller: Any, enrollment_id: int, *args: Any) -> Any:
        enrollment = work.enrollments.get(enrollment_id)
        if enrollment and enrollment.status is Status.COMPLETED:
            raise NotEnrolled
        return right(work, caller, enrollment_id, *args)


@chaff("enrollment.grade-who")
def anybody_gets_a_grade() -> None:
    """Grades without a look at the status."""

    @instead(enrollments)
    def grade(right: Any, work: Any, caller: Any, enrollment_id: int, *args: Any) -> Any:
        if enrollment := work.enrollments.get(enrollment_id):
            enrollment.status = Status.ENROLLED
        return right(work, caller, enrollment_id, *args)


@chaff("enrollment.student-stays")
def a_student_is_deleted_with_all_enrollments() -> None:
    """Lets the deletion of a student cascade."""

    @instead(Enrollments)
    def has_any(_: Any, rows: Any, student_id: int) -> bool:
        rows._session.execute(delete(Enrollment).where(Enrollment.student_id == student_id))
        return False


@chaff("enrollment.enrollment-untagged")
def an_enrollment_matches_any_tag() -> None:
    """Ignores `If-Match` on an enrollment."""

    @instead(enrollments, "_locked")
    def unasked(locked: Any, work: Any, caller: Any, enrollment_id: int, _: Any) -> Any:
        return locked(work, caller, enrollment_id, IfMatch())


# promotion


@chaff("enrollment.promote")
def a_free_seat_stays_free() -> None:
    """Promotes nobody on a drop."""

    @instead(Desk)
    def release(_: Any, __: Any, enrollment: Any, status: Status) -> None:
        enrollment.status = status


@chaff("enrollment.promote", "enrollment.promote-capacity")
def the_last_come_first() -> None:
    """Takes waiters from the end of the list."""

    @instead(Enrollments)
    def waiting(right: Any, *args: Any) -> Any:
        return right(*args)[::-1]


@chaff("enrollment.fifo")
def older_students_come_first() -> None:
    """Orders waiters by the student's id, not by when they came."""

    @instead(Enrollments)
    def waiting(right: Any, *args: Any) -> Any:
        return sorted(right(*args), key=lambda waiter: waiter.student_id)


@chaff("enrollment.passed-over")
def who_may_not_have_a_seat_blocks_the_others() -> None:
    """Stops at the first waiter who is not eligible."""

    @instead(Desk, "_ineligible")
    def stop(ineligible: Any, desk: Any, waiter: Any, wanted: Any) -> Any:
        if not hasattr(desk, "stopped"):
            desk.stopped = defaultdict(list)
        desk.stopped[waiter.section_id] = desk.stopped[waiter.section_id] or ineligible(desk, waiter, wanted)
        return desk.stopped[waiter.section_id]


@chaff("enrollment.passed-over", "enrollment.promote-rules", "enrollment.waitlist-rests")
def promotion_skips_the_rules() -> None:
    """Gives a free seat to the first waiter, whoever it is."""
    instead(Desk, "_ineligible")(_no_violations)


@chaff("enrollment.promote-rules")
def a_prerequisite_is_forgotten_at_promotion() -> None:
    """Checks prerequisites only when a student asks."""
    _ignore_at_promotion(PrerequisiteNotMet)


@chaff("enrollment.waitlist-rests")
def a_waitlist_never_rests() -> None:
    """Promotes though registration has closed."""
    _ignore_at_promotion(RegistrationClosed)


@chaff("enrollment.promote-elsewhere")
def a_drop_moves_one_waitlist() -> None:
    """Looks at the waitlist of the section that is dropped, and not where else its student waits."""

    @instead(Enrollments)
    def waited_for(*_: Any) -> list[int]:
        return []


@chaff("enrollment.promote-elsewhere")
def a_withdrawal_moves_one_waitlist() -> None:
    """Looks where else a student waits after a drop, and not after a withdrawal."""

    @instead(Desk)
    def release(right: Any, desk: Desk, enrollment: Enrollment, status: Status) -> None:
        with patch.object(Enrollments, "waited_for", lambda *_: []) if status is Status.WITHDRAWN else nullcontext():
            right(desk, enrollment, status)


@chaff("enrollment.promote-capacity")
def more_seats_let_nobody_in() -> None:
    """Ignores the waitlist when a capacity is raised."""

    @instead(sections, "Desk")
    def idle(*_: Any) -> SimpleNamespace:
        return SimpleNamespace(promote=lambda _: None)


@chaff("enrollment.no-overtaking")
def a_newcomer_overtakes() -> None:
    """Gives a free seat to whoever asks, though somebody waits for it."""
    _let_newcomers_overtake()


@chaff("enrollment.no-overtaking")
def a_refusal_undoes_the_promotion() -> None:
    """Rolls back with a refused request the promotion that came first."""

    @instead(enrollments)
    def enroll(right: Any, *args: Any) -> Any:
        result = right(*args)
        if isinstance(result, Refusal):
            raise result
        return result


@chaff("enrollment.newcomer")
def a_waitlist_shuts_the_door() -> None:
    """Calls a section full as long as anybody waits for it."""

    @instead(Desk)
    def promote(right: Any, desk: Any, section_id: int) -> Any:
        wanted, room = right(desk, section_id)
        return wanted, replace(room, seats=0) if desk._work.enrollments.waiting(section_id) else room


@chaff("enrollment.own-entry")
def a_promotion_brings_back_what_was_dropped() -> None:
    """Promotes by student and section, and so every entry that the student ever had there."""

    @instead(Desk, "_ineligible")
    def all_of_them(ineligible: Any, desk: Any, waiter: Any, wanted: Any) -> Any:
        violations = ineligible(desk, waiter, wanted)
        if not violations:
            theirs = update(Enrollment).filter_by(student_id=waiter.student_id, section_id=waiter.section_id)
            desk._work.enrollments._session.execute(theirs.values(status=Status.ENROLLED))
        return violations


@chaff("enrollment.grade-keeps-seat", "enrollment.roster")
def a_grade_frees_the_seat() -> None:
    """Gives the seat of one who completes to the next."""

    @instead(enrollments)
    def grade(right: Any, work: Any, *args: Any) -> Any:
        graded = right(work, *args)
        for waiter in work.enrollments.waiting(graded.section_id)[:1]:
            waiter.status = Status.ENROLLED
        return graded


@chaff("enrollment.promote-once")
def a_record_is_read_once() -> None:
    """Judges all of a student's waitlists by the record that was read for the first."""

    @instead(Enrollments)
    def history(right: Any, rows: Any, *whose: int) -> Any:
        known = rows.__dict__.setdefault("known", {})
        if whose not in known:
            known[whose] = right(rows, *whose)
        return known[whose]


# races: what was decided in one transaction is done in the next


@chaff("enrollment.last-seat", "enrollment.race-waitlist", "enrollment.race-capacity")
def seats_are_counted_without_a_lock() -> None:
    """Counts seats, then inserts."""
    promote = Desk.promote

    def as_seen(seen: Any) -> Any:
        room = Room(seats=1, places=0) if seen.status is Status.ENROLLED else Room(seats=0, places=1)
        return patch.object(Desk, "promote", lambda *args: (promote(*args)[0], room))

    look_then(as_seen, enrollments.enroll)


@chaff("enrollment.race-newcomer", "enrollment.no-overtaking")
def promotion_comes_after_the_drop() -> None:
    """Commits the drop, then promotes in the background, while newcomers take what is free."""
    _let_newcomers_overtake()

    def leave(*args: Any) -> Any:
        with patch.object(Desk, "release", lambda _, enrollment, status: setattr(enrollment, "status", status)):
            return enrollments.change(*args)

    def promote(work: Any, left: Any) -> None:
        term = work.terms.lock_of_section(left.section_id)
        Desk(work, term).release(work.enrollments.get(left.id), left.status)

    @instead(Database)
    async def write(right: Any, database: Any, service: Any, *args: Any) -> Any:
        if service is not enrollments.change:
            return await right(database, service, *args)
        left = await right(database, leave, *args)
        await asyncio.sleep(A_MOMENT)
        await right(database, promote, left)
        return left


@chaff("enrollment.race-promotion")
def a_waiter_is_judged_without_a_lock() -> None:
    """Looks who may have the seat that comes free, then gives it."""
    judged: dict[int, Any] = {}

    @instead(Desk)
    def _ineligible(right: Any, desk: Any, waiter: Any, wanted: Any) -> Any:
        judged[waiter.id] = right(desk, waiter, wanted)
        return judged[waiter.id]

    look_then(
        lambda _: patch.object(Desk, "_ineligible", lambda _, waiter, __: judged.get(waiter.id, [])), enrollments.change
    )


@chaff("enrollment.race-own-requests", "enrollment.race-twice")
def a_student_is_judged_without_a_lock() -> None:
    """Reads the student's record, then locks the section and counts its seats alone."""

    def seats(_: Any, __: Any, ___: Any, room: Any, *____: Any, **how: Any) -> Any:
        return [*rules.section_full(room, **how), *rules.waitlist_full(room, **how)]

    look_then(lambda _: patch.object(rules, "refused", seats), enrollments.enroll)


@chaff("enrollment.race-capacity")
def a_capacity_is_compared_without_a_lock() -> None:
    """Counts who is enrolled, then lowers the capacity."""
    look_then(lambda _: patch.object(Enrollments, "count", lambda *_: 0), sections.replace)


@chaff("enrollment.race-ending")
def a_status_is_read_without_a_lock() -> None:
    """Looks whether an enrollment can end, then ends it."""
    locked = enrollments._locked

    def still_active(*args: Any) -> Any:
        enrollment, term = locked(*args)
        if enrollment.status is not Status.WAITLISTED:
            enrollment.status = Status.ENROLLED
        return enrollment, term

    look_then(lambda _: patch.object(enrollments, "_locked", still_active), enrollments.change, enrollments.grade)


@chaff("enrollment.race-student-deletion")
def an_enrollment_breaks_a_deletion() -> None:
    """Looks for enrollments, then deletes a student or a section: the foreign key answers 500."""
    look_then(lambda _: patch.object(Enrollments, "has_any", _no), students.delete)
    look_then(lambda _: patch.object(Sections, "has_enrollments", _no), sections.delete)


@chaff("enrollment.race-catalog-deletion")
def a_section_breaks_a_deletion() -> None:
    """Looks for sections, then deletes a term or a course: the foreign key answers 500."""
    look_then(lambda _: patch.object(Terms, "has_sections", _no), terms.delete)
    look_then(lambda _: patch.object(Courses, "is_used", _no), courses.delete)


@chaff("enrollment.race-cycle")
def a_cycle_is_looked_for_without_a_lock() -> None:
    """Follows the prerequisites, then writes the new ones."""
    look_then(lambda _: patch.object(courses, "leads_back", _no), courses.replace)


@chaff("enrollment.race-names")
def a_name_is_looked_up_and_then_taken() -> None:
    """Looks whether a name, code or number is free, then inserts: the unique constraint answers 500."""
    look_then(lambda _: unforeseen(IntegrityError), terms.create, courses.create, sections.create)


# what several of them do


def _no(*_: Any) -> bool:
    return False


def _no_violations(*_: Any, **__: Any) -> list[Violation]:
    return []


def _let_pass(passed: Callable[[Iterable[Any]], Collection[int]]) -> None:
    """Let this say which courses a student has passed, of the rows of their history."""

    @instead(Desk, "_record")
    def record(right: Any, desk: Any, student_id: int, but: int | None = None) -> Any:
        history = desk._work.enrollments.history(student_id, desk._term.id)
        return replace(right(desk, student_id, but), passed=frozenset(passed(history)))


def _change_deadlines(changed: Callable[[Any], Mapping[str, datetime]]) -> None:
    """Let a term have other deadlines for who leaves."""

    @instead(enrollments, "_locked")
    def with_others(locked: Any, work: Any, *args: Any) -> Any:
        enrollment, term = locked(work, *args)
        work.terms._session.expunge(term)  # so that they are not kept
        for deadline, moment in changed(term).items():
            setattr(term, deadline, moment)
        return enrollment, term


def _ignore_at_promotion(rule: type[Violation]) -> None:
    @instead(Desk, "_ineligible")
    def leniently(ineligible: Any, *args: Any) -> Any:
        return [violation for violation in ineligible(*args) if not isinstance(violation, rule)]


def _let_newcomers_overtake() -> None:
    @instead(Desk)
    def enroll(right: Any, desk: Any, *args: Any, **how: Any) -> Any:
        desk._work.enrollments.waiting = lambda _: []
        return right(desk, *args, **how)
