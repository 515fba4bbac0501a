"""A week as a picture: where each meeting stands, in the units of an SVG."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from web.resources import Enrollment, Meeting

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKDAYS = 5
HOUR, DAY, LEFT, TOP = 44, 132, 48, 28  # an hour's height, a day's width, and the margins with their names


@dataclass(frozen=True)
class Block:
    """One meeting. Where meetings clash (a waitlist may), each has a lane of its day."""

    enrollment: Enrollment
    times: str
    x: float
    y: float
    width: float
    height: float


class Timetable:
    def __init__(self, enrollments: Sequence[Enrollment]) -> None:
        self._meetings = [(each, meeting) for each in enrollments for meeting in each.section.meetings]
        used = {meeting.day for _, meeting in self._meetings}
        self.days = [day for n, day in enumerate(DAYS) if n < WORKDAYS or day in used]
        starts = [_hours(meeting.starts) for _, meeting in self._meetings]
        ends = [_hours(meeting.ends) for _, meeting in self._meetings]
        self.first = int(min([9.0, *starts]))
        self.last = ceil(max([15.0, *ends]))

    @property
    def width(self) -> int:
        return LEFT + DAY * len(self.days)

    @property
    def height(self) -> int:
        return TOP + HOUR * (self.last - self.first) + 8

    @property
    def columns(self) -> list[tuple[str, int]]:
        return [(day.capitalize(), LEFT + DAY * n) for n, day in enumerate(self.days)]

    @property
    def lines(self) -> list[tuple[str, int]]:
        """Each full hour, and where it is."""
        return [(f"{hour:02}:00", TOP + HOUR * (hour - self.first)) for hour in range(self.first, self.last + 1)]

    @property
    def blocks(self) -> Iterator[Block]:
        for (_, x), day in zip(self.columns, self.days, strict=True):
            lanes: list[str] = []  # until when each is taken
            todays = [pair for pair in self._meetings if pair[1].day == day]
            placed = [(*pair, _lane(lanes, pair[1])) for pair in sorted(todays, key=lambda pair: pair[1].starts)]
            for enrollment, meeting, lane in placed:
                width = DAY / len(lanes)
                top, bottom = (TOP + HOUR * (_hours(time) - self.first) for time in (meeting.starts, meeting.ends))
                times = f"{meeting.starts}–{meeting.ends}"
                yield Block(enrollment, times, x + width * lane, top, width, bottom - top)


def _lane(lanes: list[str], meeting: Meeting) -> int:
    """The first lane that is free by then, which this meeting takes."""
    lane = next((n for n, ends in enumerate(lanes) if ends <= meeting.starts), len(lanes))
    lanes[lane : lane + 1] = [meeting.ends]
    return lane


def _hours(time: str) -> float:
    hours, minutes = time.split(":")
    return int(hours) + int(minutes) / 60
