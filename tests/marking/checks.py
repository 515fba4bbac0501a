"""What is marked: the checks that the suites declare with `@pytest.mark.check`, and which of them need which."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter


class Track(StrEnum):
    """What is marked together; the first word of a check's id."""

    COURSE = "course"
    WEB_BASIC = "web-basic"
    STUDENTS = "students"
    ACCESS = "access"
    ENROLLMENT = "enrollment"
    WEB = "web"
    ROBUSTNESS = "robustness"


API_TRACKS = (Track.STUDENTS, Track.ACCESS, Track.ENROLLMENT, Track.ROBUSTNESS)
WEB_TRACKS = (Track.WEB, Track.WEB_BASIC)
SUITES: dict[str, str] = {
    **dict.fromkeys(API_TRACKS, "contract"),
    Track.WEB: "e2e",
    Track.COURSE: "course",
    Track.WEB_BASIC: "course",
}


LIMITS = {"contract": 15.0, "course": 10.0, "e2e": 40.0}  # seconds that a part of a check may take


class BadChecks(Exception):
    """The suites' markers contradict each other, or name what is not there."""


@dataclass(frozen=True)
class Check:
    """One promise of the contract, worth `points`; it is asked in one or more `parts`, each a case of the test.

    What it requires must have passed, or it is blocked. One that is `whole` earns all or nothing, whatever its parts.
    One that is `stopped` is asked once the API is.
    """

    id: str
    points: int
    promise: str
    section: str
    hint: str = ""
    requires: tuple[str, ...] = ()
    whole: bool = False
    stopped: bool = False
    parts: int = 1

    @property
    def track(self) -> str:
        return self.id.partition(".")[0]


def in_order(checks: Iterable[Check]) -> dict[str, Check]:
    """By id, each after those that it requires."""
    known = {check.id: check for check in checks}
    for check in known.values():
        if check.track not in SUITES:
            raise BadChecks(f"{check.id} is of no track; there are {', '.join(Track)}")
        if missing := set(check.requires) - known.keys():
            raise BadChecks(f"{check.id} requires what no check is: {', '.join(sorted(missing))}")
    try:
        order = TopologicalSorter({check.id: sorted(check.requires) for check in known.values()}).static_order()
        return {id_: known[id_] for id_ in order}
    except CycleError as error:
        raise BadChecks(f"These checks require each other: {' → '.join(error.args[1])}") from None


def needed(checks: Mapping[str, Check], wanted: Collection[str]) -> set[str]:
    """The wanted ones, with all that they require."""
    found: set[str] = set()
    left = list(wanted)
    while left:
        id_ = left.pop()
        if id_ not in checks:
            raise BadChecks(f"There is no check {id_}")
        if id_ not in found:
            found.add(id_)
            left += checks[id_].requires
    return found
