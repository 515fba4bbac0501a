"""What is told of enrollments: a section's roster, a student's enrollments and transcript, and the summary."""

from operator import itemgetter

import pytest

from tests.contract.office import Office
from tests.contract.problems import assert_refused
from tests.promised import as_promised
from tests.samples import FUTURE_DAY, MISSING_ID, Json

COUNTS = ("students", "courses", "sections", "enrolled", "waitlisted")
READINGS = 5  # others delete and leave meanwhile


def listed(office: Office, path: str) -> list[Json]:
    answer = office.registrar.get(path)
    assert answer.status_code == 200, answer.text
    enrollments: list[Json] = answer.json()["enrollments"]
    return enrollments


@pytest.mark.check(
    "enrollment.roster", points=2, requires=["enrollment.waitlist", "enrollment.grade", "enrollment.leave"]
)
def test_a_roster_is_by_name_and_then_the_waitlist_in_order(office: Office) -> None:
    """A roster is who is enrolled or has completed, by name, then who waits, in order; who has left is not on it."""
    section = office.section(capacity=3, waitlist_capacity=9)
    office.end(office.enroll(office.student(name="Bo"), section))
    zoe, adam, mia = (office.enroll(office.student(name=name), section) for name in ("Zoe", "Adam", "Mia"))
    yan, ben = (office.wait(office.student(name=name), section) for name in ("Yan", "Ben"))
    office.grade(mia, "A")

    roster = listed(office, f"/sections/{section['id']}/enrollments")

    assert [each["id"] for each in roster] == [each["id"] for each in (adam, mia, zoe, yan, ben)]
    assert [each["waitlist_position"] for each in roster] == [None, None, None, 1, 2]
    assert roster == [office.again(each) for each in roster]


@pytest.mark.check("enrollment.roster-whole", points=1, requires=["enrollment.enroll"])
def test_a_roster_is_not_paged(office: Office) -> None:
    """A roster is whole, however many are on it."""
    section = office.section(capacity=51)
    enrolled = {office.enroll(office.student(), section)["id"] for _ in range(51)}

    assert {each["id"] for each in listed(office, f"/sections/{section['id']}/enrollments")} == enrolled


@pytest.mark.check(
    "enrollment.student-enrollments",
    points=1,
    requires=["enrollment.waitlist", "enrollment.seat-first", "enrollment.grade", "enrollment.leave"],
)
def test_a_students_enrollments_are_of_any_status(office: Office) -> None:
    """A student's enrollments are all of them, of any status, in ascending id; `term_id` keeps those of one term."""
    student, sections = office.student(), [office.section(term=office.term()) for _ in range(4)]
    sections.append(office.section(capacity=0, waitlist_capacity=1))
    made = [office.ask(student, section, join_waitlist=True).json() for section in sections]
    office.end(made[0])
    office.end(made[1], "withdrawn")
    office.grade(made[2], "A")
    path = f"/students/{student['id']}/enrollments"

    everything = listed(office, path)

    statuses = ["dropped", "withdrawn", "completed", "enrolled", "waitlisted"]
    expected = sorted((each["id"], status) for each, status in zip(made, statuses, strict=True))
    assert [(each["id"], each["status"]) for each in everything] == expected
    of_third = [each for each in everything if each["id"] == made[2]["id"]]
    assert listed(office, f"{path}?term_id={sections[2]['term_id']}") == of_third
    assert listed(office, f"{path}?term_id={office.term()['id']}") == []


@pytest.mark.check(
    "enrollment.records-missing",
    points=1,
    requires=["access.login"],
    hint="Look for the student or the section first: an empty list says that they are there.",
)
@pytest.mark.parametrize("path", ["/students/{}/enrollments", "/students/{}/transcript", "/sections/{}/enrollments"])
def test_what_is_not_there_has_no_records(path: str, office: Office) -> None:
    """To a registrar, the records of a student or a section that does not exist are 404."""
    assert_refused(office.registrar.get(path.format(MISSING_ID)), 404, "not_found")


def transcript(office: Office, student: Json) -> Json:
    answer = office.registrar.get(f"/students/{student['id']}/transcript")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def complete(office: Office, student: Json, grade: str, credits_: int = 3, term: Json | None = None) -> Json:
    enrollment = office.enroll(student, office.section(office.course(credits=credits_), term))
    completed: Json = office.grade(enrollment, grade).json()
    return completed


@pytest.mark.check(
    "enrollment.transcript-empty",
    points=1,
    requires=["students.create"],
    hint="Without graded credits do not divide: the GPA is null.",
)
def test_who_has_taken_nothing_has_an_empty_transcript(office: Office) -> None:
    """Without enrollments a transcript has no terms, no credits, and no GPA: null."""
    student = office.student()

    expected = {"student_id": student["id"], "terms": [], "credits_earned": 0, "gpa": None}
    assert as_promised(transcript(office, student), expected) == expected


@pytest.mark.check("enrollment.transcript", points=3, requires=["enrollment.grade"])
def test_a_transcript_lists_courses_by_term(office: Office) -> None:
    """A transcript lists terms by start and courses by enrollment, with credits and a GPA for each term and for all."""
    student = office.student()
    late = office.term(starts_on="2001-02-01")
    early = office.term(starts_on="2001-01-01")
    third = complete(office, student, "B", 4, late)
    first = complete(office, student, "A", 3, early)
    second = complete(office, student, "F", 3, early)

    told = transcript(office, student)

    def course(enrollment: Json) -> Json:
        of = enrollment["section"]["course"]
        return {
            "enrollment_id": enrollment["id"],
            "section_id": enrollment["section_id"],
            "course_id": of["id"],
            **{field: of[field] for field in ("code", "title", "credits")},
            **{field: enrollment[field] for field in ("status", "grade")},
        }

    expected = {
        "student_id": student["id"],
        "terms": [
            {
                "term_id": early["id"],
                "name": early["name"],
                "courses": sorted((course(first), course(second)), key=itemgetter("enrollment_id")),
                "credits_earned": 3,
                "gpa": 2.0,
            },
            {
                "term_id": late["id"],
                "name": late["name"],
                "courses": [course(third)],
                "credits_earned": 4,
                "gpa": 3.0,
            },
        ],
        "credits_earned": 7,
        "gpa": 2.4,
    }
    assert as_promised(told, expected) == expected


@pytest.mark.check(
    "enrollment.transcript-traces",
    points=2,
    requires=["enrollment.leave", "enrollment.waitlist"],
    hint="Keep enrolled, completed and withdrawn.",
)
def test_a_transcript_shows_what_left_a_trace(office: Office) -> None:
    """A transcript shows enrolled, completed and withdrawn; a drop and a waitlist leave no trace; only grades count."""
    student, term = office.student(), office.term()
    full = office.section(term=term, capacity=0, waitlist_capacity=1)
    made = [office.enroll(student, office.section(term=term)) for _ in range(3)]
    office.wait(student, full)
    office.end(made[0])
    office.end(made[1], "withdrawn")

    told = transcript(office, student)

    (shown,) = told["terms"]
    assert {each["enrollment_id"]: each["status"] for each in shown["courses"]} == {
        made[1]["id"]: "withdrawn",
        made[2]["id"]: "enrolled",
    }
    assert (told["credits_earned"], told["gpa"]) == (shown["credits_earned"], shown["gpa"]) == (0, None)


POINTS = [("A", 4.0), ("A-", 3.7), ("B+", 3.3), ("B", 3.0), ("B-", 2.7), ("C+", 2.3), ("C", 2.0), ("C-", 1.7),
          ("D+", 1.3), ("D", 1.0), ("D-", 0.7), ("F", 0.0)]  # fmt: skip


@pytest.mark.check(
    "enrollment.grade-points",
    points=1,
    requires=["enrollment.grade"],
    hint="Weigh the points by credits, and round half up.",
)
@pytest.mark.parametrize(("grade", "points"), POINTS)
def test_each_grade_has_its_points(grade: str, points: float, office: Office) -> None:
    """Each grade has its points; each but F earns the course's credits."""
    student = office.student()
    complete(office, student, grade)

    told = transcript(office, student)

    assert (told["gpa"], told["credits_earned"]) == (points, 0 if grade == "F" else 3)


@pytest.mark.check(
    "enrollment.gpa",
    points=2,
    requires=["enrollment.grade"],
    hint="Reckon in decimals: round() of a float does not round 1.075 up.",
)
@pytest.mark.parametrize(
    ("grades", "gpa"),
    [
        ([("A", 1), ("B", 3)], 3.25),
        ([("A", 3), ("F", 1)], 3.0),
        ([("A", 1), ("B", 1), ("B", 1)], 3.33),
        ([("A", 2), ("B", 1)], 3.67),
        ([("A-", 1), ("B+", 3), ("A", 4)], 3.7),
        ([("B", 7), ("B-", 1)], 2.96),
        ([("C", 1), ("C", 3), ("B-", 4)], 2.35),
        ([("A-", 1), ("B", 7)], 3.09),
        ([("D", 3), ("D+", 1)], 1.08),
        ([("B", 4), ("B+", 4), ("C", 12)], 2.46),
        ([("C-", 1), ("C", 4), ("D+", 3)], 1.7),
        ([("A", 3), ("F", 0)], 4.0),
    ],
)
def test_a_gpa_is_weighted_by_credits(grades: list[tuple[str, int]], gpa: float | None, office: Office) -> None:
    """A GPA is weighted by credits and rounded to two decimals, half up; without graded credits it is null."""
    student, term = office.student(), office.term()
    for grade, credits_ in grades:
        complete(office, student, grade, credits_, term)

    assert transcript(office, student)["gpa"] == gpa


@pytest.mark.check("enrollment.repeats", points=1, requires=["enrollment.grade"])
def test_repeats_all_count(office: Office) -> None:
    """A course that was taken twice counts twice, in credits and in the GPA."""
    student, course = office.student(), office.course(credits=3)
    for grade in ("A", "C"):
        office.grade(office.enroll(student, office.section(course, office.term())), grade)

    told = transcript(office, student)

    assert (told["credits_earned"], told["gpa"]) == (6, 3.0)


@pytest.mark.check("enrollment.summary", points=1, requires=["enrollment.grade", "enrollment.waitlist"])
def test_a_summary_shows_how_full_a_section_is(office: Office) -> None:
    """The summary counts what there is, and shows the seats of each section whose term has not ended."""
    for _ in range(READINGS):
        before = office.registrar.get("/summary").json()
        section = office.section(term=office.term(ends_on=FUTURE_DAY), capacity=2, waitlist_capacity=1)
        office.grade(office.enroll(office.student(), section), "A")
        office.enroll(office.student(), section)
        office.wait(office.student(), section)
        told = office.registrar.get("/summary").json()
        unseen = [count for count in COUNTS if told[count] <= before[count]]
        if not unseen:
            break

    assert unseen == []
    of_section = {field: section[field] for field in ("number", "course", "term", "capacity")}
    expected = [of_section | {"section_id": section["id"], "enrolled": 2, "waitlisted": 1}]
    fill = [each for each in told["fill"] if each["section_id"] == section["id"]]
    assert as_promised(fill, expected) == expected


@pytest.mark.check(
    "enrollment.summary-ended", points=1, requires=["enrollment.summary"], hint="Compare ends_on with today, in UTC."
)
def test_a_term_that_has_ended_shows_no_fill(office: Office) -> None:
    """The summary's fill leaves out the sections of terms that have ended."""
    ended = office.section(term=office.term())

    fill = office.registrar.get("/summary").json()["fill"]

    assert [each for each in fill if each["section_id"] == ended["id"]] == []
