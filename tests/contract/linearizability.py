"""Whether calls that overlapped can be put in one order, in which each was answered as if it had been alone.

The search is that of Wing and Gong (1993), which looks at no situation twice (Lowe, 2017). What an order may be is
said by the calls alone: one that was answered before another was asked comes before it.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Generic, TypeVar

S = TypeVar("S", bound=Hashable)
MOST = 20_000  # situations that are looked at, in some seconds; most histories have as many as calls


class Undecided(Exception):
    """Neither an order was found, nor that there is none: there are too many to try."""


@dataclass(frozen=True)
class Call(Generic[S]):
    """What was asked, when, and what came of it; `outcomes` gives the states that it may leave, each with its answer.

    If the answer was lost, the call may have had its effect at any time since, and may have had none.
    """

    text: str
    asked: float
    outcomes: Callable[[S], Sequence[tuple[S, Any]]]
    answered: float = inf
    answer: Any = None
    only_reads: bool = False  # changes nothing, whenever it comes

    @property
    def was_lost(self) -> bool:
        return self.answered == inf

    def leaves(self, state: S) -> Iterator[S]:
        """The states that fit what was answered; a call that was lost, and changes nothing, need not be thought of."""
        if self.was_lost:
            return (left for left, _ in self.outcomes(state) if left != state)
        return (left for left, answer in self.outcomes(state) if answer == self.answer)

    def __str__(self) -> str:
        return f"{self.asked:.4f} to {self.answered:.4f}: {self.text} -> {self.answer}"


def misfits(history: Sequence[Call[S]], start: S) -> list[str]:
    """The answered calls that the longest order has no place for: none, if the history is linearizable.

    Raise Undecided where that would take too long: to tell is NP-complete (Gibbons and Korach, 1997).
    """
    calls = sorted(history, key=lambda call: call.answered, reverse=True)  # the first to be tried come last
    answered = sum(1 << place for place, call in enumerate(calls) if not call.was_lost)
    longest, ahead, seen = 0, [(0, start)], {(0, start)}
    while ahead:
        done, state = ahead.pop()
        longest = max(longest, done & answered, key=int.bit_count)
        if done & answered == answered:
            return []
        found = [each for each in _next(calls, done, state) if each not in seen]
        ahead += found
        seen.update(found)
        if len(seen) > MOST:
            raise Undecided
    return [str(call) for place, call in enumerate(calls) if (answered & ~longest) >> place & 1]


def _next(calls: Sequence[Call[S]], done: int, state: S) -> list[tuple[int, S]]:
    """Each situation that one more call leads to; one that only reads, and fits, may as well come at once."""
    rest = [(1 << place, call) for place, call in enumerate(calls) if not done >> place & 1]
    first_answer = min(call.answered for _, call in rest)
    situations = []
    for bit, call in rest:
        if call.asked <= first_answer:
            lefts = list(call.leaves(state))
            if lefts and call.only_reads:
                return [(done | bit, state)]
            situations += [(done | bit, left) for left in lefts]
    return situations
