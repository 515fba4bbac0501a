"""Chaffs: the reference with one fault each that students really make, planted in a few lines.

Each `loses` the checks that it names, and no others. A fault of the API is marked on the tracks of the API alone; one
of the web UI, in front of a right API, on those of the web.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from tests.marking.checks import API_TRACKS, WEB_TRACKS, Track

Plant = Callable[[], None]


@dataclass(frozen=True)
class Chaff:
    """`plant` is called in the process that will serve; `fault` is what its author did wrong."""

    name: str
    of_web: bool
    fault: str
    loses: frozenset[str]
    plant: Plant

    @property
    def tracks(self) -> list[Track]:
        return list(WEB_TRACKS if self.of_web else (Track.COURSE, *API_TRACKS))


CHAFFS: dict[str, Chaff] = {}


def chaff(*loses: str) -> Callable[[Plant], Plant]:
    """The decorated function plants a fault; its docstring says which, and it loses these checks."""

    def register(plant: Plant) -> Plant:
        name = plant.__name__
        if name in CHAFFS:
            raise ValueError(f"two chaffs are called {name}")
        of_web = plant.__module__.rpartition(".")[2].startswith("web")
        CHAFFS[name] = Chaff(name, of_web, str(plant.__doc__).splitlines()[0], frozenset(loses), plant)
        return plant

    return register


def load() -> dict[str, Chaff]:
    """All of them, by name."""
    for module in iter_modules(__path__, f"{__name__}."):
        import_module(module.name)
    return CHAFFS
