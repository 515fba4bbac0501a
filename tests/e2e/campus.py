"""What the pages are judged by: a section, a week and a transcript with everything in them, and the longest names."""

from collections.abc import Mapping

from tests.e2e.office import MISSING_ID, Json, Login, Office, meets, unique

LONG = "W" * 100


def furnish(office: Office, logins: Mapping[str, Login]) -> Mapping[str, int]:
    """The ids that stand in paths.

    A `section`, taught by the instructor and full: one has completed it, the student is in it (their own id is `own`),
    and another student and a user of the longest name wait or are there. `other` is one that the student may not enter,
    `waited` one that they wait for, `nobody` the id of nothing.
    """
    email = f"{unique()}@{'example.' * 27}org"
    student = office.student(name=LONG, email=email)["id"]
    own = logins["student"].number
    long_once = "W" * 68 + unique()
    term = office.lasting_term(name=long_once, ends_on="2999-01-01")
    course = office.course(code=long_once, title=LONG, description=f"{LONG}\n" * 3)
    section, other = sections_of(office, course, term, logins["instructor"])
    waited, _ = office.full_section(term=term, waitlist_capacity=2, meetings=[meets("tue 13:00-14:00")])

    office.grade(office.enroll(student, section), "B+")
    office.enroll(own, section)
    office.enroll(office.student(name=LONG)["id"], section)
    office.enroll(student, waited)
    office.enroll(own, waited)
    office.grade(office.enroll(own, office.section()), "A-")
    office.leave(office.enroll(own, office.section()), "withdrawn")
    return {
        "student": student,
        "user": office.user("instructor", name=LONG, email=email).id,
        "own": own,
        "course": course["id"],
        "term": term["id"],
        "section": section["id"],
        "other": other["id"],
        "waited": waited["id"],
        "nobody": MISSING_ID,
    }


def sections_of(office: Office, course: Json, term: Json, instructor: Login) -> tuple[Json, Json]:
    """Two that meet at the same times; only the first has a teacher, and two seats."""
    meetings = [meets("mon 09:00-10:30"), meets("wed 09:00-10:30"), meets("fri 18:00-21:45")]
    taught = office.section(course, term, capacity=2, instructor_id=instructor.id, meetings=meetings)
    return taught, office.section(course, term, number=999, meetings=meetings)
