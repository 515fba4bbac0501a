"""Where terms are kept."""

from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, select
from sqlalchemy.orm import Session

from api.models import Section, Term
from api.repositories.pages import Page, both_ways, read
from api.schemas import PageQuery

TERMS = Term.__table__
COLUMNS = [column for column in TERMS.c if column.name != "name_key"]
BY_ID = select(*COLUMNS).where(TERMS.c.id == bindparam("id"))
PAGES = both_ways(select(*COLUMNS), TERMS.c.id)


class TermRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, term_id: int) -> Row[Any] | None:
        return self._connection.execute(BY_ID, {"id": term_id}).one_or_none()

    def page(self, query: PageQuery) -> Page:
        return read(self._connection, PAGES, query)


class Terms:
    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self, term_id: int) -> Term | None:
        """The term, and with it every decision about a seat in it, until the transaction ends."""
        return self._session.get(Term, term_id, with_for_update=True, populate_existing=True)

    def lock_of_section(self, section_id: int) -> Term | None:
        """The section's term, locked; None if there is no such section."""
        while term_id := self._session.scalar(select(Section.term_id).where(Section.id == section_id)):
            term = self.lock(term_id)
            if term_id == self._session.scalar(select(Section.term_id).where(Section.id == section_id)):
                return term  # else the section has moved to another term while this one was waited for
        return None

    def has_sections(self, term_id: int) -> bool:
        return bool(self._session.scalar(select(exists().where(Section.term_id == term_id))))

    def add(self, term: Term) -> Term:
        self._session.add(term)
        self._session.flush()
        return term

    def delete(self, term: Term) -> None:
        self._session.delete(term)
