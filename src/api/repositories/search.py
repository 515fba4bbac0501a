"""Search for a substring without ASCII case, `%` and `_` literal, through a trigram index.

That is FTS5 on SQLite and pg_trgm on PostgreSQL. FTS5 holds no terms under three characters, so a shorter search on
SQLite reads the table in order.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, collate, column, func, or_, select, table

from api.repositories.pages import Page, both_ways, read
from api.schemas import SearchQuery

TRIGRAM = 3


def containing(dialect: str, columns: Sequence[ColumnElement[str]]) -> ColumnElement[bool]:
    """Whether one of the columns is like the parameter `like`, which `pattern` makes."""
    if dialect == "postgresql":  # where LIKE minds case; the "C" collation folds ASCII only
        columns = [func.lower(collate(each, "C")) for each in columns]
    return or_(*(each.like(bindparam("like"), escape="\\") for each in columns))


def pattern(q: str) -> str:
    """`q` anywhere, in lower case of ASCII."""
    literal = q.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{literal.encode().lower().decode()}%"


class Search:
    """A list that can be searched for a substring of the `searched` columns; `index` (FTS5) covers them on SQLite."""

    def __init__(
        self, columns: Sequence[ColumnElement[Any]], searched: Sequence[ColumnElement[str]], index: str | None = None
    ) -> None:
        key, rows = columns[0], select(*columns)
        self._all = both_ways(rows, key)
        self._containing = {
            dialect: both_ways(rows.where(containing(dialect, searched)), key) for dialect in ("sqlite", "postgresql")
        }
        self._indexed = self._containing["sqlite"]
        if index:
            contents = table(index, column("rowid"), column(index))
            found = contents.c[index].op("MATCH")(bindparam("phrase"))
            indexed = rows.join(contents, contents.c.rowid == key).where(found, containing("sqlite", searched))
            self._indexed = both_ways(indexed, contents.c.rowid)

    def read(self, connection: Connection, query: SearchQuery) -> Page:
        """The page, of what contains `query.q`."""
        if not query.q:
            return read(connection, self._all, query)
        dialect = connection.dialect.name
        ways = self._indexed if dialect == "sqlite" and len(query.q) >= TRIGRAM else self._containing[dialect]
        phrase = query.q.replace('"', '""')
        return read(connection, ways, query, like=pattern(query.q), phrase=f'"{phrase}"')
