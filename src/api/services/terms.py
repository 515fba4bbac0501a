"""Terms: when courses are taught, and until when they can be enrolled in, dropped and withdrawn from."""

from api.errors import InUse, InvalidDates
from api.models import Term
from api.repositories import Rows, Work
from api.schemas import PageQuery, TermIn, TermOut, TermsOut
from api.services.pages import links
from api.services.preconditions import IfMatch


def page(rows: Rows, query: PageQuery) -> TermsOut:
    found = rows.terms.page(query)
    return TermsOut.model_validate({"terms": found.rows, **links("/terms", query, found)})


def get(rows: Rows, term_id: int) -> TermOut:
    return TermOut.model_validate(rows.terms.get(term_id))


def create(work: Work, new: TermIn) -> TermOut:
    _require_order(new)
    return TermOut.model_validate(work.terms.add(Term(**new.model_dump())))


def replace(work: Work, term_id: int, new: TermIn, if_match: IfMatch) -> TermOut:
    term = _current(work, term_id, if_match)
    _require_order(new)
    work.terms.change(term, new.model_dump())
    return TermOut.model_validate(term)


def delete(work: Work, term_id: int, if_match: IfMatch) -> None:
    term = _current(work, term_id, if_match)
    if work.terms.has_sections(term_id):
        raise InUse("The term has sections")
    work.terms.delete(term)


def _current(work: Work, term_id: int, if_match: IfMatch) -> Term:
    term = work.terms.lock(term_id)
    if_match.require(TermOut.model_validate(term))
    return term


def _require_order(term: TermIn) -> None:
    if term.starts_on > term.ends_on:
        raise InvalidDates("A term ends on the day it starts, or later")
    if term.enrollment_opens_at >= term.enrollment_closes_at:
        raise InvalidDates("Enrollment closes after it opens")
    if term.drop_deadline > term.withdraw_deadline:
        raise InvalidDates("The deadline for drops is not after the one for withdrawals")
