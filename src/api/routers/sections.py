"""`/sections`: courses offered in terms."""

from fastapi import APIRouter, Response

from api.errors import CapacityBelowEnrolled, InUse, InvalidMeeting, NotAnInstructor, NotFound, NumberTaken
from api.openapi import created, refusals
from api.routers.dependencies import Database, Id, IfMatch, SectionSearch, authorized, json_body
from api.schemas import SectionIn, SectionOut, SectionsOut
from api.services import sections

router = APIRouter(prefix="/sections", tags=["sections"], dependencies=[authorized])


@router.get("")
async def list_sections(query: SectionSearch, database: Database) -> SectionsOut:
    """List sections, a page at a time."""
    return await database.read(sections.page, query)


@router.post(
    "",
    status_code=201,
    responses=created("section") | refusals(NotFound, NumberTaken, InvalidMeeting, NotAnInstructor),
    dependencies=[json_body],
)
async def create_section(new: SectionIn, database: Database, response: Response) -> SectionOut:
    """Add a section."""
    section = await database.write(sections.create, new)
    response.headers["Location"] = f"/sections/{section.id}"
    return section


@router.get("/{section_id}")
async def get_section(section_id: Id, database: Database) -> SectionOut:
    """Read a section."""
    return await database.read(sections.get, section_id)


@router.put(
    "/{section_id}",
    responses=refusals(NumberTaken, InvalidMeeting, NotAnInstructor, CapacityBelowEnrolled, InUse),
    dependencies=[json_body],
)
async def replace_section(section_id: Id, new: SectionIn, if_match: IfMatch, database: Database) -> SectionOut:
    """Replace a section; a raised capacity lets waiters in."""
    return await database.write(sections.replace, section_id, new, if_match)


@router.delete("/{section_id}", status_code=204, responses=refusals(InUse))
async def delete_section(section_id: Id, if_match: IfMatch, database: Database) -> None:
    """Delete a section on which nothing depends."""
    await database.write(sections.delete, section_id, if_match)
