"""Where terms are kept."""

from sqlalchemy import bindparam, select

from api.models import Section, Term
from api.repositories.pages import Page, both_ways, read
from api.repositories.tables import Table, TableRows
from api.schemas import PageQuery

TERMS = Term.__table__
COLUMNS = [column for column in TERMS.c if column.name != "name_key"]
ID_OF_SECTION = select(Section.__table__.c.term_id).where(Section.__table__.c.id == bindparam("section_id"))
PAGES = both_ways(select(*COLUMNS), TERMS.c.id)


class TermRows(TableRows):
    by_id = select(*COLUMNS).where(TERMS.c.id == bindparam("id"))

    def page(self, query: PageQuery) -> Page:
        return read(self._connection, PAGES, query)


class Terms(Table[Term]):
    """To lock a term is to lock every decision about a seat in it."""

    kind = Term

    def lock_of_section(self, section_id: int) -> Term | None:
        """The section's term, locked; None if there is no such section."""
        section = {"section_id": section_id}
        while term_id := self._session.scalar(ID_OF_SECTION, section):
            term = self.lock(term_id)
            if term_id == self._session.scalar(ID_OF_SECTION, section):
                return term  # else the section has moved to another term while this one was waited for
        return None

    def has_sections(self, term_id: int) -> bool:
        return self._any(Section.term_id == term_id)
