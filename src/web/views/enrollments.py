"""A student's own: the week, the ways out of a section, and the transcript."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from web.forms.form import Form
from web.resources import Enrollment, Term
from web.session import api, now, only, own_student_id
from web.timetable import Timetable
from web.views.terms import newest_first

enrollments = Blueprint("enrollments", __name__)


class WayOut(NamedTuple):
    button: str
    asks: str
    status: str
    done: str


WAYS_OUT = {
    "drop": WayOut("Drop", "Drop", "dropped", "Dropped"),
    "withdraw": WayOut("Withdraw", "Withdraw from", "withdrawn", "Withdrawn from"),
    "leave": WayOut("Leave waitlist", "Leave the waitlist of", "dropped", "No longer waiting for"),
}


@enrollments.get("/schedule")
@only("student")
def schedule() -> ResponseReturnValue:
    return render_template("enrollments/schedule.html", weeks=weeks(own_student_id()), now=now())


@enrollments.get("/transcript")
@only("student")
def transcript() -> ResponseReturnValue:
    user = api().me()
    own = api().transcript(own_student_id())
    return render_template("enrollments/transcript.html", transcript=own, user=user)


@enrollments.route("/schedule/<id:enrollment_id>/<any(drop, withdraw, leave):way>", methods=["GET", "POST"])
@only("student")
def leave(enrollment_id: int, way: str) -> ResponseReturnValue:
    """Asks first."""
    out = WAYS_OUT[way]
    enrollment = api().enrollment(enrollment_id)
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            api().leave(enrollment_id, out.status)
            flash(f"{out.done} {enrollment.section.label}.", "status")
            return redirect(url_for(".schedule"))
    term = api().terms.get(enrollment.section.term.id)
    page = render_template("enrollments/leave.html", form=form, enrollment=enrollment, term=term, out=out, way=way)
    return page, form.status


def enroll(student_id: int, section_id: int, *, join_waitlist: bool) -> None:
    """Ask for a seat, and say what came of it."""
    enrollment = api().enroll(student_id, section_id, join_waitlist=join_waitlist)
    section = enrollment.section.label
    if enrollment.status == "waitlisted":
        flash(f"On the waitlist of {section}, at position {enrollment.waitlist_position}.", "status")
    else:
        flash(f"Enrolled in {section}.", "status")


def weeks(student_id: int) -> list[tuple[Term, Timetable, Sequence[Enrollment]]]:
    """Each term in which the student is in a section or waits for one, the newest first."""
    live = [each for each in api().enrollments("students", student_id) if each.status in ("enrolled", "waitlisted")]
    by_term: dict[int, list[Enrollment]] = {}
    for each in live:
        by_term.setdefault(each.section.term.id, []).append(each)
    return [(term, Timetable(by_term[term.id]), by_term[term.id]) for term in newest_first() if term.id in by_term]
