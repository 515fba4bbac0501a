"""One small university twice: as records of the API, and as a registry of the rule book."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from requests import Response

from tests.contract.client import Client
from tests.contract.office import Office, meets
from tests.contract.rulebook import Answer, Course, Outcome, Registry, Section, Term
from tests.samples import CLOSED, FUTURE, PAST, Json, new_course, new_term


@dataclass(frozen=True)
class Request:
    """What can be asked of the API, and of the rule book, where a new enrollment has the id that the API gave it."""

    text: str
    ask: Callable[[Client], Response]
    outcomes: Callable[[int, Registry], Sequence[Outcome]]
    told: Callable[[Json], Answer]
    only_reads: bool = False

    def answer(self, response: Response) -> Answer:
        """The response as the rule book gives it."""
        body = response.json()
        if response.ok:
            return response.status_code, *self.told(body)
        violations = [each["code"] for each in body.get("violations", [body])]
        assert body["code"] == violations[0]
        return response.status_code, *violations


def new_id(response: Response) -> int:
    return int(response.json()["id"]) if response.status_code == 201 else 0


def _standing(enrollment: Json) -> Answer:
    return enrollment["status"], enrollment["waitlist_position"], enrollment["grade"]


def _counts(section: Json) -> Answer:
    return section["enrolled"], section["waitlisted"], section["seats_left"]


class Campus:
    """What `start` describes, made through the API."""

    def __init__(self, office: Office, start: Registry, students: int) -> None:
        self.start = start
        self.students = [office.student()["id"] for _ in range(students)]
        self._terms = [office.term(**_term(term)) for term in start.terms]
        self._courses: list[Json] = []
        for course in start.courses:  # each requires earlier ones only
            self._courses.append(office.course(**self._course(course)))
        self._sections = [office.section(**self._section(*each)) for each in enumerate(start.sections)]

    def enroll(self, student: int, section: int, *, join_waitlist: bool) -> Request:
        body = {"student_id": self.students[student], "section_id": self._sections[section]["id"]}
        return Request(
            f"enroll {student} in {section}{' or wait' * join_waitlist}",
            lambda client: client.post("/enrollments", json=body | {"join_waitlist": join_waitlist}),
            lambda id_, registry: registry.enroll(id_, student, section, join_waitlist=join_waitlist),
            _standing,
        )

    def end(self, enrollment_id: int, status: str) -> Request:
        return Request(
            f"{enrollment_id} {status}",
            lambda client: client.patch(f"/enrollments/{enrollment_id}", json={"status": status}),
            lambda _, registry: registry.end(enrollment_id, status),
            _standing,
        )

    def grade(self, enrollment_id: int, grade: str) -> Request:
        return Request(
            f"{enrollment_id} graded {grade}",
            lambda client: client.put(f"/enrollments/{enrollment_id}/grade", json={"grade": grade}),
            lambda _, registry: registry.grade(enrollment_id, grade),
            _standing,
        )

    def read(self, enrollment_id: int) -> Request:
        return Request(
            f"read {enrollment_id}",
            lambda client: client.get(f"/enrollments/{enrollment_id}"),
            lambda _, registry: [registry.read(enrollment_id)],
            _standing,
            only_reads=True,
        )

    def roster(self, section: int) -> Request:
        return Request(
            f"read the roster of {section}",
            lambda client: client.get(f"/sections/{self._sections[section]['id']}/enrollments"),
            lambda _, registry: [registry.roster(section)],
            lambda body: self._roster(body["enrollments"]),
            only_reads=True,
        )

    def replace_section(self, section: int, new: Section) -> Request:
        made = self._sections[section]
        body = self._section(section, new)
        return Request(
            f"replace section {section} by {new}",
            lambda client: client.put(f"/sections/{made['id']}", json=body),
            lambda _, registry: registry.replace_section(section, new),
            _counts,
        )

    def replace_term(self, term: int, new: Term) -> Request:
        body = new_term() | _term(new)
        return Request(
            f"replace term {term} by {new}",
            lambda client: client.put(f"/terms/{self._terms[term]['id']}", json=body),
            lambda _, registry: registry.replace_term(term, new),
            lambda _: (),
        )

    def replace_course(self, course: int, new: Course) -> Request:
        body = new_course() | self._course(new)
        return Request(
            f"replace course {course} by {new}",
            lambda client: client.put(f"/courses/{self._courses[course]['id']}", json=body),
            lambda _, registry: registry.replace_course(course, new),
            lambda _: (),
        )

    def _course(self, course: Course) -> Json:
        required = [self._courses[each]["id"] for each in course.prerequisites]
        return {"credits": course.credits, "prerequisite_ids": required}

    def _section(self, number: int, section: Section) -> Json:
        return {
            "number": number + 1,
            "course_id": self._courses[section.course]["id"],
            "term_id": self._terms[section.term]["id"],
            "capacity": section.capacity,
            "waitlist_capacity": section.waitlist_capacity,
            "meetings": [meets(*each) for each in section.meetings],
        }

    def _roster(self, enrollments: list[Json]) -> Answer:
        waiting = [each for each in enrollments if each["status"] == "waitlisted"]
        assert [each["waitlist_position"] for each in waiting] == list(range(1, len(waiting) + 1))
        seated = sorted(
            (self.students.index(each["student_id"]), each["status"]) for each in enrollments if each not in waiting
        )
        return tuple(seated), tuple(self.students.index(each["student_id"]) for each in waiting)


def _term(term: Term) -> Json:
    deadlines = {
        "drop_deadline": FUTURE if term.may_drop else PAST,
        "withdraw_deadline": FUTURE if term.may_withdraw else PAST,
    }
    return {"credit_limit": term.credit_limit} | deadlines | ({} if term.is_open else CLOSED)
