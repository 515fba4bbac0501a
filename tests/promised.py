"""How an answer is compared with what was promised: what was not promised does not count."""

import re
from datetime import datetime
from typing import Any

MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z")


def as_promised(told: Any, promised: Any) -> Any:
    """What is told, as far as it was promised; a moment is written as it was promised, in whichever form it is told."""
    if isinstance(told, dict) and isinstance(promised, dict):
        return {field: as_promised(told[field], value) for field, value in promised.items() if field in told}
    if isinstance(told, list) and isinstance(promised, list) and len(told) == len(promised):
        return [as_promised(*pair) for pair in zip(told, promised, strict=True)]
    return promised if _is_one_moment(told, promised) else told


def _is_one_moment(*values: Any) -> bool:
    if not all(isinstance(value, str) and MOMENT.fullmatch(value) for value in values):
        return False
    told, promised = (datetime.fromisoformat(value) for value in values)
    return told == promised
