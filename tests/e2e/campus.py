"""What the pages are judged by: a section, a week and a transcript with everything in them, and the longest names."""

from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property

from tests.e2e.office import FAULTS, Login, Office, meets
from tests.samples import FUTURE_DAY, MISSING_ID, Json, unique

LONG = "W" * 100
TIMES = [meets("mon 09:00-10:30"), meets("wed 09:00-10:30"), meets("fri 18:00-21:45")]


class Campus:
    """Records, whose ids stand in paths by these names; each is made when it is first named.

    So a fault of the API costs no page but those that show what it broke.
    """

    def __init__(self, office: Office, logins: Mapping[str, Login]) -> None:
        self._office, self._logins = office, logins
        self._email = f"{unique()}@{'example.' * 27}org"
        self._long_once = "W" * 68 + unique()
        self.nobody: Json = {"id": MISSING_ID}

    def __getitem__(self, name: str) -> int:
        """The id."""
        return int(getattr(self, name)["id"])

    @cached_property
    def student(self) -> Json:
        return self._office.student(name=LONG, email=self._email)

    @cached_property
    def user(self) -> Json:
        return {"id": self._office.user("instructor", name=LONG, email=self._email).id}

    @cached_property
    def own(self) -> Json:
        """The student who is logged in as one."""
        return {"id": self._logins["student"].number}

    @cached_property
    def term(self) -> Json:
        return self._office.lasting_term(name=self._long_once, ends_on=FUTURE_DAY)

    @cached_property
    def course(self) -> Json:
        return self._office.course(code=self._long_once, title=LONG, description=f"{LONG}\n" * 3)

    @cached_property
    def section(self) -> Json:
        """With two seats, and taught by the instructor."""
        teacher = self._logins["instructor"].id
        return self._office.section(self.course, self.term, capacity=2, instructor_id=teacher, meetings=TIMES)

    @cached_property
    def other(self) -> Json:
        """At the same times, without a teacher."""
        return self._office.section(self.course, self.term, number=999, meetings=TIMES)

    @cached_property
    def waited(self) -> Json:
        """With two places to wait, and one seat."""
        times = [meets("tue 13:00-14:00")]
        return self._office.section(term=self.term, waitlist_capacity=2, meetings=times)

    def fill(self, *, tolerant: bool) -> None:
        """One has completed the section, their own student is in it, and who has the longest name waits.

        For the other that student may not enter, for the third they wait; they have a grade and have withdrawn, too.
        What the API does not do is left out, if that is to be tolerated.
        """
        office = self._office
        for step in (
            lambda: office.grade(office.enroll(self["student"], self.section), "B+"),
            lambda: office.enroll(self["own"], self.section),
            lambda: office.enroll(office.student(name=LONG)["id"], self.section),
            lambda: office.enroll(office.student()["id"], self.waited),
            lambda: office.enroll(self["student"], self.waited),
            lambda: office.enroll(self["own"], self.waited),
            lambda: office.grade(office.enroll(self["own"], office.section()), "A-"),
            lambda: office.leave(office.enroll(self["own"], office.section()), "withdrawn"),
        ):
            with suppress(*FAULTS if tolerant else ()):
                step()
