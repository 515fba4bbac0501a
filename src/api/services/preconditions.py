"""Conditional requests: whether a client has seen what it is about to change (RFC 9110, section 13.1.1)."""

from dataclasses import dataclass

from api.errors import StaleVersion
from api.schemas import Out


@dataclass(frozen=True)
class IfMatch:
    """The `If-Match` of a request: its tags, or None where there is none and anything goes."""

    tags: frozenset[str] | None = None

    def require(self, current: Out | None) -> None:
        """Raise StaleVersion unless a tag is that of `current`, which is None where nothing but `*` will do."""
        if self.tags is not None and not self.tags & {"*", current and current.etag()}:
            raise StaleVersion
