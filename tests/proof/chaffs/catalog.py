"""What goes wrong with terms, courses and sections, and with what is told of them."""

from collections.abc import Sequence
from datetime import UTC, date
from types import SimpleNamespace
from typing import Any, TypeVar

from pydantic import AfterValidator, BaseModel
from sqlalchemy import literal, select

from api import fields
from api.errors import CodeTaken, InvalidDates, InvalidMeeting, NotAnInstructor, NotFound
from api.models import Status, Term
from api.repositories import Rows, Work
from api.repositories import courses as course_table
from api.repositories import sections as section_table
from api.repositories.constraints import REFUSALS
from api.repositories.courses import COLUMNS, COURSES, Courses
from api.repositories.enrollments import EnrollmentRows, Enrollments
from api.repositories.pages import Page
from api.repositories.search import Search
from api.repositories.sections import SectionRows, Sections
from api.repositories.summary import SummaryRows
from api.repositories.terms import Terms
from api.routers import courses as courses_router
from api.schemas import (
    CourseIn,
    PageQuery,
    SectionIn,
    SectionOut,
    SectionQuery,
    SummaryOut,
    TermIn,
    TermsOut,
    TranscriptOut,
)
from api.services import courses, enrollments, rules, sections, summary, terms, transcripts
from api.services.preconditions import IfMatch
from tests.proof.chaffs import chaff
from tests.proof.chaffs.planting import Told, answered, instead

Sent = TypeVar("Sent", bound=BaseModel)


def but(sent: Sent, **changes: Any) -> Sent:
    return sent.model_copy(update=changes)


# terms


@chaff("enrollment.create-term")
def new_term_has_an_id_alone() -> None:
    """Answers a new term by its id and name, as if nobody wanted to know the rest."""

    @answered
    def leave_out(told: Told) -> None:
        if told.asks("POST", "/terms") and told.status == 201:
            told.json = {field: told.json[field] for field in ("id", "name")}


@chaff("enrollment.created")
def created_term_is_200() -> None:
    """Answers 200 for a new term."""

    @answered
    def ok(told: Told) -> None:
        if told.asks("POST", "/terms") and told.status == 201:
            told.status = 200


@chaff("enrollment.timestamps", "enrollment.dates-out-of-order")
def offset_is_thrown_away() -> None:
    """Keeps a timestamp's time of day and throws its offset away."""

    def without_offset(right: Any) -> AfterValidator:
        return AfterValidator(lambda moment: right.func(moment) and moment.replace(tzinfo=UTC))

    for field in TermIn.model_fields.values():
        field.metadata = [
            without_offset(each) if isinstance(each, AfterValidator) else each  # which makes it UTC
            for each in field.metadata
        ]
    TermIn.model_rebuild(force=True)


@chaff("enrollment.replace-term")
def zero_credits_are_no_limit() -> None:
    """Writes `new.credit_limit or term.credit_limit`, so that 0 is never stored."""

    @instead(terms)
    def replace(right: Any, work: Work, term_id: int, new: TermIn, if_match: IfMatch) -> Any:
        term = work.terms.lock(term_id)
        return right(work, term_id, but(new, credit_limit=new.credit_limit or term.credit_limit), if_match)


@chaff("enrollment.term-name-taken")
def term_names_differ_by_case() -> None:
    """Compares the name of a new term with case."""

    @instead(Terms)
    def add(right: Any, table: Terms, term: Term) -> Any:
        term.name_key = term.name
        return right(table, term)


@chaff("enrollment.dates-in-order")
def one_day_is_no_term() -> None:
    """Wants a term to end after the day it starts."""

    @instead(terms, "_require_order")
    def require_more(right: Any, term: TermIn) -> None:
        if term.starts_on == term.ends_on:
            raise InvalidDates
        right(term)


@chaff("enrollment.dates-out-of-order")
def deadlines_are_not_compared() -> None:
    """Lets the deadline for withdrawals lie before the one for drops."""

    @instead(terms, "_require_order")
    def require_less(right: Any, term: TermIn) -> None:
        right(but(term, withdraw_deadline=term.drop_deadline))


@chaff("enrollment.term-in-use", "enrollment.course-in-use")
def foreign_keys_answer_500() -> None:
    """Leaves it to the foreign keys whether a term or a course is in use, and lets their error through."""

    @instead(Terms)
    def has_sections(*_: Any) -> bool:
        return False

    @instead(Courses)
    def is_used(*_: Any) -> bool:
        return False


# courses


@chaff("enrollment.create-course")
def new_course_lacks_its_defaults() -> None:
    """Answers a new course as it was sent, without what takes its default."""

    @answered
    def leave_out(told: Told) -> None:
        if told.asks("POST", "/courses") and told.status == 201:
            told.json = {field: value for field, value in told.json.items() if value not in ("", [])}


@chaff("enrollment.description")
def description_is_trimmed() -> None:
    """Trims the description of a course."""

    @instead(courses)
    def create(right: Any, work: Work, new: CourseIn) -> Any:
        return right(work, but(new, description=new.description.strip()))


@chaff("enrollment.replace-whole")
def credits_stay_as_they_were() -> None:
    """Keeps a course's credits where a PUT says nothing of them."""

    class Partly(CourseIn):
        credits: fields.Credits = 0

    courses_router.replace_course.__annotations__["new"] = Partly

    @instead(courses)
    def replace(right: Any, work: Work, course_id: int, new: Partly, if_match: IfMatch) -> Any:
        kept = {} if "credits" in new.model_fields_set else {"credits": work.courses.lock(course_id).credits}
        return right(work, course_id, but(new, **kept), if_match)


@chaff("enrollment.replace-course", "enrollment.replace-section")
def catalog_is_merged() -> None:
    """Takes PUT for PATCH: what the new course or section leaves out stays as it was."""

    def merged(new: Sent, old: object, field: str) -> Sent:
        return new if old is None or field in new.model_fields_set else but(new, **{field: getattr(old, field)})

    @instead(courses, "replace")
    def merge_course(right: Any, work: Work, course_id: int, new: CourseIn, if_match: IfMatch) -> Any:
        return right(work, course_id, merged(new, work.courses.find(course_id), "description"), if_match)

    @instead(sections, "replace")
    def merge_section(right: Any, work: Work, section_id: int, new: SectionIn, if_match: IfMatch) -> Any:
        return right(work, section_id, merged(new, work.sections.find(section_id), "instructor_id"), if_match)


@chaff("enrollment.code-taken")
def own_code_is_taken_in_another_case() -> None:
    """Looks for the code without case, and does not leave out the course that is being replaced."""

    @instead(courses)
    def replace(right: Any, work: Work, course_id: int, new: CourseIn, if_match: IfMatch) -> Any:
        course = work.courses.lock(course_id)
        if new.code != course.code and new.code.casefold() == course.code_key:
            raise CodeTaken
        return right(work, course_id, new, if_match)


@chaff("enrollment.prerequisites-ascending")
def prerequisites_come_backwards() -> None:
    """Answers prerequisites in the order in which the database happens to give them."""

    @instead(courses, "_out")
    def out_backwards(right: Any, course: Any, prerequisite_ids: Sequence[int]) -> Any:
        return right(course, prerequisite_ids[::-1])


@chaff("enrollment.prerequisite-missing")
def missing_prerequisites_are_left_out() -> None:
    """Looks prerequisites up with `IN`, and does not count what was found."""

    @instead(courses, "_require_known")
    def leave_out(_: Any, work: Work, new: CourseIn) -> None:
        new.prerequisite_ids = [each for each in new.prerequisite_ids if work.courses.exists(each)]


@chaff("enrollment.prerequisite-cycle")
def cycles_are_sought_two_steps_deep() -> None:
    """Looks for a course among its prerequisites and theirs, and no further."""

    @instead(courses)
    def leads_back(_: Any, course_id: int, prerequisites: dict[int, Sequence[int]]) -> bool:
        first = prerequisites[course_id]
        return course_id in {*first, *(second for each in first for second in prerequisites.get(each, []))}


@chaff("enrollment.two-ways")
def met_twice_is_a_cycle() -> None:
    """Takes a course that it meets twice for a cycle."""

    @instead(courses)
    def leads_back(_: Any, course_id: int, prerequisites: dict[int, Sequence[int]]) -> bool:
        met = [course_id]
        for each in met:
            met += prerequisites.get(each, [])
            if len(set(met)) < len(met):
                return True
        return False


@chaff("enrollment.course-search")
def courses_are_found_by_code_alone() -> None:
    """Does not search the titles of courses."""
    course_table.SEARCH = Search(COLUMNS, [COURSES.c.code])


# sections


@chaff("enrollment.create-section")
def new_section_has_ids_alone() -> None:
    """Answers a new section without its course and its term, as if these were not needed yet."""

    @answered
    def leave_out(told: Told) -> None:
        if told.asks("POST", "/sections") and told.status == 201:
            told.json = {field: value for field, value in told.json.items() if not isinstance(value, dict)}


@chaff("enrollment.section-instructor")
def section_does_not_name_its_instructor() -> None:
    """Gives the id of who teaches a section, and always null for who that is."""

    @instead(sections)
    def out(right: Any, row: Any) -> Any:
        section: SectionOut = right(row)
        section.instructor = None
        return section


@chaff("enrollment.seats")
def waiters_count_as_enrolled() -> None:
    """Counts who waits among the enrolled."""

    @instead(sections)
    def get(right: Any, rows: Rows, section_id: int) -> Any:
        section: SectionOut = right(rows, section_id)
        section.enrolled += section.waitlisted
        return section


@chaff("enrollment.number-taken")
def taken_number_is_500() -> None:
    """Leaves it to the database whether a number is taken, and lets its error through."""
    del REFUSALS["sections.course_id, sections.term_id, sections.number"]


@chaff("enrollment.section-missing")
def missing_instructor_is_none() -> None:
    """Takes an instructor who does not exist for none."""

    @instead(sections, "_require_sense")
    def forget(right: Any, work: Work, new: SectionIn) -> None:
        if new.instructor_id and not work.users.exists(new.instructor_id):
            new.instructor_id = None
        right(work, new)


@chaff("enrollment.not-an-instructor")
def anybody_teaches() -> None:
    """Does not look at the role of who is to teach a section."""

    @instead(sections, "_require_sense")
    def require_less(right: Any, work: Work, new: SectionIn) -> None:
        try:
            right(work, new)
        except NotAnInstructor:
            right(work, but(new, instructor_id=None))


@chaff("enrollment.meeting-order")
def first_meeting_is_checked() -> None:
    """Checks the first meeting of a section alone."""

    @instead(sections, "_require_sense")
    def require_less(right: Any, work: Work, new: SectionIn) -> None:
        right(work, but(new, meetings=new.meetings[:1]))


@chaff("enrollment.meetings-overlap")
def own_meetings_may_not_overlap() -> None:
    """Refuses a section two of whose meetings overlap."""

    @instead(sections, "_require_sense")
    def require_more(right: Any, work: Work, new: SectionIn) -> None:
        right(work, new)
        meetings = [rules.Meeting(**each.model_dump()) for each in new.meetings]
        if any(each.overlaps(other) for each in meetings for other in meetings if each is not other):
            raise InvalidMeeting


@chaff("enrollment.capacity-below")
def completed_are_not_counted() -> None:
    """Lowers a capacity below those who hold a seat, for it counts the enrolled alone."""

    @instead(Enrollments)
    def count(right: Any, table: Enrollments, section_id: int, *_: Status) -> Any:
        return right(table, section_id, Status.ENROLLED)


@chaff("enrollment.waitlist-lowered")
def lowered_waitlist_turns_away() -> None:
    """Drops those for whom a lowered waitlist has no place."""

    @instead(sections)
    def replace(right: Any, work: Work, section_id: int, new: SectionIn, if_match: IfMatch) -> Any:
        for waiter in work.enrollments.waiting(section_id)[new.waitlist_capacity :]:
            waiter.status = Status.DROPPED
        return right(work, section_id, new, if_match)


@chaff("enrollment.section-moved", "enrollment.section-in-use")
def who_has_left_is_forgotten() -> None:
    """Moves and deletes a section if nobody is in it now, whoever was."""

    @instead(Sections)
    def has_enrollments(_: Any, table: Sections, section_id: int) -> bool:
        section = table.row(section_id)
        return bool(section["enrolled"] + section["waitlisted"])


@chaff("enrollment.section-filter")
def course_of_sections_is_ignored() -> None:
    """Does not know the parameter `course_id`."""

    @instead(SectionRows)
    def page(right: Any, rows: SectionRows, query: SectionQuery) -> Any:
        return right(rows, but(query, course_id=None))


@chaff("enrollment.section-open")
def full_section_is_open() -> None:
    """Calls a section open that has seats, taken or not."""
    section_table.ENROLLED = select(literal(0)).scalar_subquery()


@chaff("enrollment.bad-filter")
def bad_filter_finds_nothing() -> None:
    """Answers a filter that means nothing with an empty list."""

    @answered
    def find_nothing(told: Told) -> None:
        if told.asks("GET", "/sections") and told.status == 422:
            told.status, told.answered["content-type"] = 200, "application/json"
            told.json = {"sections": [], "next": None, "previous": None}


@chaff("enrollment.section-pages")
def links_lose_the_filter() -> None:
    """Puts the cursor and the limit into the links between pages, and no filter."""

    @instead(sections)
    def links(right: Any, path: str, query: SectionQuery, page: Page) -> Any:
        return right(path, but(query, term_id=None, open=False), page)


@chaff("enrollment.section-untagged")
def if_match_on_a_section_is_ignored() -> None:
    """Ignores If-Match where there is no ETag."""

    @instead(sections, "_locked")
    def lock(right: Any, work: Work, section_id: int, _: IfMatch) -> Any:
        return right(work, section_id, IfMatch())


@chaff("enrollment.pages")
def all_terms_are_on_one_page() -> None:
    """Lists the terms, of which there are never many, without pages."""

    @instead(terms)
    def page(right: Any, rows: Rows, query: PageQuery) -> Any:
        first: TermsOut = right(rows, but(query, after=None, before=None, limit=10**6))
        return first


# records


@chaff("enrollment.roster-whole")
def roster_has_fifty_lines() -> None:
    """Cuts a roster off where a page of other lists would end."""

    @instead(EnrollmentRows)
    def of_section(right: Any, rows: EnrollmentRows, section_id: int) -> Any:
        return right(rows, section_id)[:50]


@chaff("enrollment.roster")
def roster_is_by_enrollment() -> None:
    """Lists a roster in the order in which its students enrolled."""

    @instead(EnrollmentRows)
    def of_section(right: Any, rows: EnrollmentRows, section_id: int) -> Any:
        return sorted(right(rows, section_id), key=lambda row: (row.status is Status.WAITLISTED, row.id))


@chaff("enrollment.student-enrollments")
def term_of_enrollments_is_ignored() -> None:
    """Lists a student's enrollments in all terms, whichever was asked for."""

    @instead(enrollments)
    def of_student(right: Any, rows: Rows, student_id: int, _: int | None) -> Any:
        return right(rows, student_id, None)


@chaff("enrollment.records-missing")
def missing_student_has_a_transcript() -> None:
    """Answers an empty transcript for a student who does not exist."""

    @instead(transcripts)
    def get(right: Any, rows: Rows, student_id: int) -> Any:
        try:
            return right(rows, student_id)
        except NotFound:
            return TranscriptOut(student_id=student_id, terms=[], credits_earned=0, gpa=None)


@chaff("enrollment.transcript-empty", "enrollment.transcript-traces")
def no_grades_are_a_gpa_of_zero() -> None:
    """Gives a GPA of 0 where nothing was graded."""

    @instead(transcripts)
    def grade_point_average(right: Any, graded: Any) -> Any:
        return right(graded) or 0.0


@chaff("enrollment.transcript")
def terms_come_as_they_were_taken() -> None:
    """Lists the terms of a transcript by enrollment, not by when they start."""

    @instead(transcripts)
    def get(right: Any, rows: Rows, student_id: int) -> Any:
        transcript: TranscriptOut = right(rows, student_id)
        transcript.terms.sort(key=lambda term: term.courses[0].enrollment_id)
        return transcript


@chaff("enrollment.transcript-traces")
def withdrawal_counts_as_f() -> None:
    """Counts a W as an F."""

    @instead(transcripts, "_totals")
    def count(right: Any, taken: Sequence[Any]) -> Any:
        failed = [each for each in taken if each.status is Status.WITHDRAWN]
        as_f = [SimpleNamespace(status=Status.COMPLETED, grade="F", credits=each.credits) for each in failed]
        return right([each for each in taken if each not in failed] + as_f)


@chaff("enrollment.grade-points")
def c_plus_is_two_and_a_third() -> None:
    """Gives a C+ 2.33 points."""
    transcripts.POINTS["C+"] = "2.33"


@chaff("enrollment.gpa")
def gpa_is_rounded_as_a_float() -> None:
    """Rounds a GPA with round(), which makes 1.07 of 1.075."""

    @instead(transcripts)
    def grade_point_average(_: Any, graded: Sequence[tuple[str, int]]) -> float | None:
        weight = sum(each for _, each in graded)
        points = sum(float(transcripts.POINTS[grade]) * each for grade, each in graded)
        return round(points / weight, 2) if weight else None


@chaff("enrollment.repeats")
def repeat_replaces_the_first_attempt() -> None:
    """Counts the last attempt at a course alone."""

    @instead(transcripts, "_totals")
    def count(right: Any, taken: Sequence[Any]) -> Any:
        return right(list({each.course_id: each for each in taken}.values()))


@chaff("enrollment.summary")
def summary_counts_one_page() -> None:
    """Counts the students in the summary on the first page of their list."""

    @instead(summary)
    def get(right: Any, rows: Rows) -> Any:
        told: SummaryOut = right(rows)
        told.students = min(told.students, 50)
        return told


@chaff("enrollment.summary")
def summary_forgets_who_waits() -> None:
    """Shows nobody waiting for any section in the summary."""

    @instead(summary)
    def get(right: Any, rows: Rows) -> Any:
        told: SummaryOut = right(rows)
        for section in told.fill:
            section.waitlisted = 0
        return told


@chaff("enrollment.summary-ended")
def summary_goes_back_forever() -> None:
    """Shows the sections of every term in the summary, ended or not."""

    @instead(SummaryRows)
    def current_sections(right: Any, rows: SummaryRows, _: date) -> Any:
        return right(rows, date.min)
