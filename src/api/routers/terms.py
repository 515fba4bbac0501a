"""`/terms`: when courses are taught."""

from fastapi import APIRouter, Response

from api.errors import InUse, InvalidDates, NameTaken
from api.openapi import conditional, created, refusals
from api.routers.dependencies import Database, Id, IfMatch, Listing, Tagged, authorized, json_body
from api.schemas import TermIn, TermOut, TermsOut
from api.services import terms

router = APIRouter(prefix="/terms", tags=["terms"], dependencies=[authorized])


@router.get("")
async def list_terms(query: Listing, database: Database) -> TermsOut:
    """List terms, a page at a time."""
    return await database.read(terms.page, query)


@router.post(
    "", status_code=201, responses=created("term") | refusals(NameTaken, InvalidDates), dependencies=[json_body]
)
async def create_term(new: TermIn, database: Database, tagged: Tagged, response: Response) -> TermOut:
    """Add a term."""
    term = await database.write(terms.create, new)
    response.headers["Location"] = f"/terms/{term.id}"
    return tagged(term)


@router.get("/{term_id}", responses=conditional())
async def get_term(term_id: Id, database: Database, tagged: Tagged) -> TermOut:
    """Read a term."""
    return tagged(await database.read(terms.get, term_id))


@router.put("/{term_id}", responses=refusals(NameTaken, InvalidDates), dependencies=[json_body])
async def replace_term(term_id: Id, new: TermIn, if_match: IfMatch, database: Database, tagged: Tagged) -> TermOut:
    """Replace a term."""
    return tagged(await database.write(terms.replace, term_id, new, if_match))


@router.delete("/{term_id}", status_code=204, responses=refusals(InUse))
async def delete_term(term_id: Id, if_match: IfMatch, database: Database) -> None:
    """Delete a term on which nothing depends."""
    await database.write(terms.delete, term_id, if_match)
