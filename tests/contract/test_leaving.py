"""How an enrollment ends: dropped, withdrawn from, left on the waitlist, or completed with a grade."""

import pytest

from tests.contract.office import Office, changes
from tests.contract.problems import assert_refused
from tests.contract.racing import statuses
from tests.samples import CLOSED, PAST, Json

CONTRACT_SECTION = "3"
ENDED = ["dropped", "withdrawn", "completed"]


def ended(office: Office, status: str) -> Json:
    enrollment = office.enroll(office.student(), office.section())
    if status == "completed":
        office.grade(enrollment, "B")
    else:
        office.end(enrollment, status)
    result = office.again(enrollment)
    assert result["status"] == status
    return result


@pytest.mark.check(
    "enrollment.leave", points=2, requires=["enrollment.enroll"], hint="Change the status; do not delete the row."
)
@pytest.mark.parametrize("status", ["dropped", "withdrawn"])
def test_who_leaves_has_left(status: str, office: Office) -> None:
    """A drop and a withdrawal change the status of the enrollment, which can be read on."""
    enrollment = office.enroll(office.student(), office.section())

    assert office.end(enrollment, status).ok
    assert office.again(enrollment)["status"] == status


@pytest.mark.check("enrollment.left", points=1, requires=["enrollment.leave"], hint="Answer what GET would answer now.")
@pytest.mark.parametrize("status", ["dropped", "withdrawn"])
def test_what_is_left_is_answered_whole_and_stays_so(status: str, office: Office) -> None:
    """A drop and a withdrawal answer the whole enrollment, whose seat is free again."""
    section = office.section(capacity=1)
    enrollment = office.enroll(office.student(), section)

    left = office.end(enrollment, status)

    assert left.status_code == 200
    assert changes("enrollment", enrollment, left.json()) == {"status": status}
    assert office.again(enrollment) == left.json()
    assert office.registrar.get(f"/sections/{section['id']}").json()["seats_left"] == 1


@pytest.mark.check(
    "enrollment.deadlines",
    points=2,
    requires=["enrollment.leave", "enrollment.replace-term"],
    hint="Compare now with the deadline of what is asked, as the term has it now.",
)
@pytest.mark.parametrize("status", ["dropped", "withdrawn"])
def test_a_deadline_ends_what_it_is_for(status: str, office: Office) -> None:
    """From the drop deadline on nobody drops, from the withdraw deadline on nobody withdraws, until it is moved."""
    term = office.term()
    enrollment = office.enroll(office.student(), office.section(term=term))
    code = {"dropped": "drop_deadline_passed", "withdrawn": "withdraw_deadline_passed"}[status]

    office.alter("term", term, drop_deadline=PAST, withdraw_deadline=PAST)
    assert_refused(office.end(enrollment, status), 409, code)
    assert office.again(enrollment) == enrollment

    office.alter("term", term)
    assert office.end(enrollment, status).ok
    assert office.again(enrollment)["status"] == status


@pytest.mark.check(
    "enrollment.withdraw-late",
    points=1,
    requires=["enrollment.leave"],
    hint="A drop has one deadline, a withdrawal the other.",
)
def test_after_the_drop_deadline_one_still_withdraws(office: Office) -> None:
    """Between the two deadlines a student can withdraw, and not drop."""
    enrollment = office.enroll(office.student(), office.section(term=office.term(drop_deadline=PAST)))

    assert_refused(office.end(enrollment, "dropped"), 409, "drop_deadline_passed")
    assert office.end(enrollment, "withdrawn").ok


@pytest.mark.check(
    "enrollment.leave-waitlist",
    points=1,
    requires=["enrollment.waitlist", "enrollment.leave", "enrollment.replace-term"],
    hint="Deadlines are for who is enrolled.",
)
def test_a_waitlist_can_be_left_at_any_time(office: Office) -> None:
    """A waitlist can be left when every deadline has passed and registration is closed; who waits behind moves up."""
    term = office.term()
    section = office.section(term=term, capacity=0, waitlist_capacity=2)
    first, second = (office.wait(office.student(), section) for _ in range(2))
    passed = CLOSED | {"drop_deadline": PAST, "withdraw_deadline": PAST}
    office.alter("term", term, **passed)

    assert office.end(first, "dropped").ok

    assert changes("enrollment", first, office.again(first)) == {"status": "dropped", "waitlist_position": None}
    assert changes("enrollment", second, office.again(second)) == {"waitlist_position": 1}


@pytest.mark.check(
    "enrollment.withdraw-waitlist",
    points=1,
    requires=["enrollment.waitlist", "enrollment.leave"],
    hint="Let who waits drop, and not withdraw.",
)
def test_nobody_withdraws_from_a_waitlist(office: Office) -> None:
    """Who waits has nothing to withdraw from: 409 not_active, and they keep their place."""
    waiting = office.wait(office.student(), office.section(capacity=0, waitlist_capacity=1))

    assert_refused(office.end(waiting, "withdrawn"), 409, "not_active")
    assert office.again(waiting) == waiting


@pytest.mark.check(
    "enrollment.ended",
    points=1,
    requires=["enrollment.leave", "enrollment.grade"],
    hint="Let only enrolled and waitlisted be ended.",
)
@pytest.mark.parametrize("status", ["dropped", "withdrawn"])
@pytest.mark.parametrize("before", ENDED)
def test_what_has_ended_does_not_end_again(before: str, status: str, office: Office) -> None:
    """What was dropped, withdrawn from or completed can be neither dropped nor withdrawn from: 409 not_active."""
    enrollment = ended(office, before)

    assert_refused(office.end(enrollment, status), 409, "not_active")
    assert office.again(enrollment) == enrollment


@pytest.mark.check("enrollment.grade", points=1, requires=["enrollment.enroll"])
def test_who_is_graded_has_completed(office: Office) -> None:
    """A grade completes an enrollment."""
    enrollment = office.enroll(office.student(), office.section())

    assert office.grade(enrollment, "A").ok
    graded = office.again(enrollment)
    assert (graded["status"], graded["grade"]) == ("completed", "A")


@pytest.mark.check("enrollment.grades", points=2, requires=["enrollment.grade"])
@pytest.mark.parametrize("grade", ["A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F"])
def test_a_grade_is_answered_whole_and_keeps_the_seat(grade: str, office: Office) -> None:
    """Each of the twelve grades is answered with the whole enrollment, which keeps its seat."""
    section = office.section(capacity=1)
    enrollment = office.enroll(office.student(), section)

    graded = office.grade(enrollment, grade)

    assert graded.status_code == 200
    assert changes("enrollment", enrollment, graded.json()) == {"status": "completed", "grade": grade}
    assert office.again(enrollment) == graded.json()
    assert office.registrar.get(f"/sections/{section['id']}").json()["seats_left"] == 0


@pytest.mark.check(
    "enrollment.grade-corrected",
    points=1,
    requires=["enrollment.grade"],
    hint="A completed enrollment takes a grade too.",
)
def test_a_grade_can_be_corrected(office: Office) -> None:
    """A second grade replaces the first."""
    enrollment = ended(office, "completed")

    assert changes("enrollment", enrollment, office.grade(enrollment, "A-").json()) == {"grade": "A-"}
    assert office.again(enrollment)["grade"] == "A-"


@pytest.mark.check(
    "enrollment.grade-who",
    points=1,
    requires=["enrollment.grade", "enrollment.leave", "enrollment.waitlist"],
    hint="Let only enrolled and completed be graded.",
)
@pytest.mark.parametrize("status", ["dropped", "withdrawn", "waitlisted"])
def test_a_grade_is_for_who_is_in(status: str, office: Office) -> None:
    """Who waits, has dropped or has withdrawn gets no grade: 409 not_enrolled."""
    if status == "waitlisted":
        enrollment = office.wait(office.student(), office.section(capacity=0, waitlist_capacity=1))
    else:
        enrollment = ended(office, status)

    assert_refused(office.grade(enrollment, "A"), 409, "not_enrolled")
    assert office.again(enrollment) == enrollment


@pytest.mark.check(
    "enrollment.student-stays",
    points=1,
    requires=["enrollment.leave"],
    hint="Do not cascade the deletion: look for enrollments first.",
)
def test_a_student_with_enrollments_of_any_status_stays(office: Office) -> None:
    """A student who ever enrolled is not deleted: 409 has_enrollments, though they have dropped."""
    student = office.student()
    office.end(office.enroll(student, office.section()))

    assert_refused(office.registrar.delete(f"/students/{student['id']}"), 409, "has_enrollments")
    assert office.registrar.get(f"/students/{student['id']}").json() == student


@pytest.mark.check(
    "enrollment.enrollment-untagged",
    points=1,
    requires=["enrollment.leave", "enrollment.grade"],
    whole=True,
    hint="What has no tag equals none: 412, but for *.",
)
@pytest.mark.parametrize(("form", "told"), [("*", 200), ('"any"', 412)])
def test_an_enrollment_carries_no_tag(form: str, told: int, office: Office) -> None:
    """An enrollment has no version to match: who changes or grades it passes with `If-Match: *`; any tag is 412."""
    changed, graded = (f"/enrollments/{office.enroll(office.student(), office.section())['id']}" for _ in range(2))
    headers = {"If-Match": form}

    answers = [
        office.registrar.patch(changed, json={"status": "dropped"}, headers=headers),
        office.registrar.put(f"{graded}/grade", json={"grade": "A"}, headers=headers),
    ]

    assert statuses(answers) == [told] * 2
