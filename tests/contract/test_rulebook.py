"""Enrollment in any order: the API beside the rule book, which says what each answer has to be and what it leaves."""

from dataclasses import replace

from hypothesis import Phase, settings
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import booleans, integers, sampled_from

from tests.contract.campus import Campus, Request, new_id
from tests.contract.office import Office
from tests.contract.rulebook import Course, Registry, Section, Term

BRIEFLY = settings(
    max_examples=25,
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
        Section(ALGEBRA, SPRING, capacity=2, waitlist_capacity=0, meetings=ELEVEN),
        Section(LOGIC, SPRING, capacity=1, waitlist_capacity=2, meetings=TEN),
        Section(ENGINES, SPRING, capacity=1, waitlist_capacity=2, meetings=ELEVEN),
        Section(ENGINES, FALL, capacity=1, waitlist_capacity=1),
    ),
)
STUDENTS = 4
students, sections = integers(0, STUDENTS - 1), integers(0, len(START.sections) - 1)
terms = sampled_from([SPRING, SPRING, FALL])


class Enrollments(RuleBasedStateMachine):
    """`possible` has each registry that fits all answers so far: more than one where the contract leaves a choice."""

    office: Office
    enrollments = Bundle("enrollments")

    def __init__(self) -> None:
        super().__init__()
        self.campus = Campus(self.office, START, STUDENTS)
        self.possible = [START]

    @rule(target=enrollments, student=students, section=sections, join_waitlist=booleans())
    def enroll(self, student: int, section: int, join_waitlist: bool) -> MultipleResults[int]:
        made = self._ask(self.campus.enroll(student, section, join_waitlist=join_waitlist))
        return multiple(*[made] if made else [])

    @rule(enrollment=enrollments, status=sampled_from(["dropped", "dropped", "withdrawn"]))
    def end(self, enrollment: int, status: str) -> None:
        self._ask(self.campus.end(enrollment, status))

    @rule(enrollment=enrollments, grade=sampled_from(["A", "D-", "F"]))
    def grade(self, enrollment: int, grade: str) -> None:
        self._ask(self.campus.grade(enrollment, grade))

    @rule(enrollment=enrollments)
    def read(self, enrollment: int) -> None:
        self._ask(self.campus.read(enrollment))

    @rule(section=sections, capacity=integers(0, 2), waitlist_capacity=integers(0, 3))
    def resize(self, section: int, capacity: int, waitlist_capacity: int) -> None:
        changed = replace(self._now.sections[section], capacity=capacity, waitlist_capacity=waitlist_capacity)
        self._ask(self.campus.replace_section(section, changed))

    @rule(section=sections, meetings=sampled_from([(), NINE, TEN, ELEVEN, NINE + ELEVEN]))
    def move(self, section: int, meetings: tuple[tuple[str, str, str], ...]) -> None:
        self._ask(self.campus.replace_section(section, replace(self._now.sections[section], meetings=meetings)))

    @rule(term=terms, is_open=sampled_from([True, True, False]))
    def open_or_close(self, term: int, is_open: bool) -> None:
        self._ask(self.campus.replace_term(term, replace(self._now.terms[term], is_open=is_open)))

    @rule(term=terms, deadlines_left=integers(0, 2))
    def move_deadlines(self, term: int, deadlines_left: int) -> None:
        left = {"may_drop": deadlines_left > 1, "may_withdraw": deadlines_left > 0}
        self._ask(self.campus.replace_term(term, replace(self._now.terms[term], **left)))

    @rule(term=terms, credit_limit=sampled_from([4, 6, 9]))
    def limit_credits(self, term: int, credit_limit: int) -> None:
        self._ask(self.campus.replace_term(term, replace(self._now.terms[term], credit_limit=credit_limit)))

    @rule(required=sampled_from([(), (ALGEBRA,), (ALGEBRA, LOGIC)]))
    def require(self, required: tuple[int, ...]) -> None:
        self._ask(self.campus.replace_course(ENGINES, replace(self._now.courses[ENGINES], prerequisites=required)))

    @invariant()
    def every_roster_is_the_rule_books(self) -> None:
        for section in range(len(START.sections)):
            self._ask(self.campus.roster(section))

    @property
    def _now(self) -> Registry:
        """One of the possible: they all have the same terms, courses and sections."""
        return self.possible[0]

    def _ask(self, request: Request) -> int:
        """Ask, hold the answer against the rule book's, and give the id of the new enrollment if there is one."""
        response = request.ask(self.office.registrar)
        answer, made = request.answer(response), new_id(response)
        outcomes = [outcome for registry in self.possible for outcome in request.outcomes(registry, made)]
        assert answer in [expected for _, expected in outcomes], request.text
        self.possible = list(dict.fromkeys(left for left, expected in outcomes if expected == answer))
        return made


def test_every_answer_and_every_roster_is_the_rule_books(office: Office) -> None:
    """Whatever is asked in whatever order, each answer and each roster is what the rules of section 3 make of it."""

    class EnrollmentsHere(Enrollments):
        pass

    EnrollmentsHere.office = office
    run_state_machine_as_test(EnrollmentsHere, settings=BRIEFLY)
