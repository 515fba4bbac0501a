"""Whether calls that overlapped can be put in one order, in which each was answered as if it had been alone.

The search is that of Wing and Gong (1993), which looks at no situation twice (Lowe, 2017). What an order may be is
said by the calls alone: one that was answered before another was asked comes before it.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Generic, TypeVar

S = TypeVar("S", bound=Hashable)


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

    @property
    def was_lost(self) -> bool:
        return self.answered == inf

    def leaves(self, state: S) -> Iterator[S]:
        """The states that fit what was answered."""
        return (left for left, answer in self.outcomes(state) if self.was_lost or answer == self.answer)

    def __str__(self) -> str:
        return f"{self.asked:.4f} to {self.answered:.4f}: {self.text} -> {self.answer}"


def misfits(calls: Sequence[Call[S]], start: S) -> list[str]:
    """The answered calls that the longest order has no place for: none, if the history is linearizable."""
    answered = sum(1 << place for place, call in enumerate(calls) if not call.was_lost)
    longest, ahead, seen = 0, [(0, start)], {(0, start)}
    while ahead:
        done, state = ahead.pop()
        longest = max(longest, done & answered, key=int.bit_count)
        if done & answered == answered:
            return []
        for situation in _next(calls, done, state):
            if situation not in seen:
                seen.add(situation)
                ahead.append(situation)
    return [str(call) for place, call in enumerate(calls) if (answered & ~longest) >> place & 1]


def _next(calls: Sequence[Call[S]], done: int, state: S) -> list[tuple[int, S]]:
    """Each situation that one more call leads to; of calls that change nothing the first is as good as any choice."""
    rest = [(1 << place, call) for place, call in enumerate(calls) if not done >> place & 1]
    first_answer = min(call.answered for _, call in rest)
    situations = []
    for bit, call in rest:
        if call.asked <= first_answer:
            for left in call.leaves(state):
                if left == state and not call.was_lost:
                    return [(done | bit, state)]
                situations.append((done | bit, left))
    return situations
