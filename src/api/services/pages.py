"""The links between the pages of a list."""

from urllib.parse import urlencode

from api.repositories.pages import Page
from api.schemas import PageQuery


def links(path: str, query: PageQuery, page: Page) -> dict[str, str | None]:
    """`next` and `previous` as path and query: a page that a cursor led to has what it came from behind it."""

    def link(**cursor: int) -> str:
        kept = query.model_dump(exclude={"after", "before"}, exclude_defaults=True)
        return f"{path}?{urlencode(kept | cursor)}"

    if page.rows:
        first, last = page.rows[0]["id"], page.rows[-1]["id"]
    else:  # what the cursor pointed to is gone: the way back starts where the cursor stands
        first, last = (query.after or 0) + 1, max(0, (query.before or 0) - 1)
    has_next = query.backward or page.more
    has_previous = query.after is not None or (query.backward and page.more)
    return {
        "next": link(after=last) if has_next else None,
        "previous": link(before=first) if has_previous else None,
    }
