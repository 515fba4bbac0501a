"""Enrollment in any order: the API beside the rule book, which says what each answer has to be and what it leaves."""

from dataclasses import replace
from typing import Any

from hypothesis import Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, integers, just, lists, sampled_from, tuples
from typing_extensions import override

from tests.contract.campus import Campus, Request, new_id
from tests.contract.office import Office
from tests.contract.rulebook import Course, Enrollment, Registry, Section, Term

BRIEFLY = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to shrink a failure takes minutes
)
NINE, TEN, ELEVEN = (("mon", "09:00", "10:30"),), (("mon", "10:00", "11:00"),), (("mon", "11:00", "12:00"),)
ALGEBRA, LOGIC, ENGINES = range(3)
SPRING, FALL = range(2)
START = Registry(
    terms=(Term(credit_limit=6), Term()),
    courses=(Course(3), Course(2), Course(4, prerequisites=(ALGEBRA,))),
    sections=(
        Section(ALGEBRA, SPRING, capacity=1, waitlist_capacity=2, meetings=NINE),
        Section(ALGEBRA, SPRING, capacity=1, waitlist_capacity=0, meetings=ELEVEN),
        Section(LOGIC, SPRING, capacity=1, waitlist_capacity=2, meetings=TEN),
        Section(ENGINES, SPRING, capacity=1, waitlist_capacity=2, meetings=ELEVEN),
        Section(LOGIC, FALL, capacity=1, waitlist_capacity=1),
    ),
)
STUDENTS = 4
PHASES = (
    Term(credit_limit=6),
    Term(credit_limit=9),
    Term(is_open=False),
    Term(is_open=False, may_drop=False),
    Term(credit_limit=9, may_drop=False, may_withdraw=False),
)
Wish = tuple[int, int, bool]  # a student, a section, and whether to wait for it
students, sections = integers(0, STUDENTS - 1), sampled_from([0, 0, 1, 2, 2, 3, 3, 4])
numbers, terms = integers(0, 99), sampled_from([SPRING, SPRING, FALL])
RULES = {
    "registration_closed",
    "duplicate_course",
    "prerequisite_not_met",
    "time_conflict",
    "credit_limit_exceeded",
    "section_full",
    "waitlist_full",
}


once_there_are_some = precondition(lambda machine: machine.possible[0].enrollments)


class Enrollments(RuleBasedStateMachine):
    """`possible` has each registry that fits all answers so far: more than one where the contract leaves a choice."""

    office: Office
    told: set[str]

    def __init__(self) -> None:
        super().__init__()
        self.campus = Campus(self.office, START, STUDENTS)
        self.possible = [START]
        self.enrolled: set[tuple[int, int]] = set()

    @initialize(wishes=lists(tuples(students, sections, just(True)), min_size=6, max_size=10))
    def open_registration(self, wishes: list[Wish]) -> None:
        self.enroll(wishes)

    @rule(wishes=lists(tuples(students, sections, booleans()), min_size=1, max_size=3))
    def ask(self, wishes: list[Wish]) -> None:
        self.enroll(wishes)

    @once_there_are_some
    @rule(chosen=lists(numbers, min_size=1, max_size=3), status=sampled_from(["dropped", "dropped", "withdrawn"]))
    def end(self, chosen: list[int], status: str) -> None:
        for number in chosen:
            self._ask(self.campus.end(self._enrollment(number).id, status))

    @once_there_are_some
    @rule(number=numbers, student=students, join_waitlist=booleans())
    def end_while_closed(self, number: int, student: int, join_waitlist: bool) -> None:
        """So that a newcomer finds a seat which somebody may have, but nobody has been given."""
        section = self._enrollment(number).section
        term = START.sections[section].term
        self._ask(self.campus.replace_term(term, Term(is_open=False)))
        self._ask(self.campus.end(self._enrollment(number).id, "dropped"))
        self._ask(self.campus.replace_term(term, START.terms[term]))
        self.enroll([(student, section, join_waitlist)])

    @once_there_are_some
    @rule(number=numbers)
    def make_way(self, number: int) -> None:
        """For who waits, and has got too busy for the seat that comes free, until they drop what they are in."""
        waiter = self._enrollment(number, "waitlisted")
        self.enroll([(waiter.student, section, False) for section in range(len(START.sections))])
        theirs = [each for each in self._now.enrollments if each.student == waiter.student and each.id != waiter.id]
        for each in [*self._now.seated(waiter.section), *theirs]:
            self._ask(self.campus.end(each.id, "dropped"))

    @once_there_are_some
    @rule(number=numbers, grade=sampled_from(["A", "D-", "F"]))
    def grade(self, number: int, grade: str) -> None:
        self._ask(self.campus.grade(self._enrollment(number).id, grade))

    @rule(
        section=sections,
        capacity=integers(0, 2),
        waitlist_capacity=integers(0, 2),
        meetings=sampled_from([(), NINE, TEN, ELEVEN, NINE + ELEVEN]),
    )
    def replace_section(self, section: int, **changes: Any) -> None:
        self._ask(self.campus.replace_section(section, replace(self._now.sections[section], **changes)))

    @rule(term=terms, new=sampled_from(PHASES))
    def replace_term(self, term: int, new: Term) -> None:
        self._ask(self.campus.replace_term(term, new))

    @rule(required=sampled_from([(), (ALGEBRA,), (ALGEBRA, LOGIC)]))
    def replace_course(self, required: tuple[int, ...]) -> None:
        self._ask(self.campus.replace_course(ENGINES, replace(START.courses[ENGINES], prerequisites=required)))

    @invariant()
    def every_roster_is_the_rule_books(self) -> None:
        for section in range(len(START.sections)):
            self._ask(self.campus.roster(section))

    @invariant()
    def who_was_let_in_fits(self) -> None:
        """Beside the rule book's own code: no section is overfull, nobody was let in against their timetable."""
        now, before = self._now, self.enrolled
        self.enrolled = {(each.student, each.section) for each in now.enrollments if each.status == "enrolled"}
        for student, place in self.enrolled - before:
            section = now.sections[place]
            theirs = [now.sections[each] for who, each in self.enrolled if who == student]
            timetable = [each for each in theirs if each.term == section.term]
            assert now.terms[section.term].is_open
            assert len(now.seated(place)) <= section.capacity
            assert len({each.course for each in timetable}) == len(timetable)
            assert not any(section.clashes(each) for each in timetable if each is not section)
            assert sum(now.courses[each.course].credits for each in timetable) <= now.terms[section.term].credit_limit

    @override
    def teardown(self) -> None:
        for each in self._now.enrollments:
            self._ask(self.campus.read(each.id))

    @property
    def _now(self) -> Registry:
        """One of the possible: they all have the same terms, courses and sections."""
        return self.possible[0]

    def enroll(self, wishes: list[Wish]) -> None:
        for student, section, join_waitlist in wishes:
            self._ask(self.campus.enroll(student, section, join_waitlist=join_waitlist))

    def _enrollment(self, number: int, *wanted: str) -> Enrollment:
        """One of all, and mostly one with a wanted status: if none is named, one that can still end."""
        found = [each for each in self._now.enrollments if each.status in (wanted or {"enrolled", "waitlisted"})]
        among = (found if number % 4 else None) or self._now.enrollments
        return among[number % len(among)]

    def _ask(self, request: Request) -> None:
        """Ask, and go on from where the answer leaves the rule book, which has to allow it."""
        response = request.ask(self.office.registrar)
        answer, made = request.answer(response), new_id(response)
        outcomes = [outcome for registry in self.possible for outcome in request.outcomes(made, registry)]
        assert answer in [expected for _, expected in outcomes], request.text
        self.possible = list(dict.fromkeys(left for left, expected in outcomes if expected == answer))
        self.told.update(each for each in answer if isinstance(each, str))


def test_every_answer_and_every_roster_is_the_rule_books(office: Office) -> None:
    """Whatever is asked in whatever order, each answer and each roster is what the rules of section 3 make of it."""
    told: set[str] = set()

    class EnrollmentsHere(Enrollments):
        pass

    EnrollmentsHere.office, EnrollmentsHere.told = office, told
    run_state_machine_as_test(EnrollmentsHere, settings=BRIEFLY)

    assert told >= RULES  # or this has proven little
