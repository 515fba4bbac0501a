"""`/users`: logins, for registrars."""

from fastapi import APIRouter, Response

from api.errors import EmailTaken, LastRegistrar, NotFound, StudentRequired, StudentTaken
from api.openapi import conditional, created, links, refusals
from api.routers.dependencies import Database, Id, IfMatch, Listing, Passwords, Tagged, authorized, json_body
from api.schemas import UserIn, UserOut, UserPatch, UsersOut
from api.services import users

router = APIRouter(prefix="/users", tags=["users"], dependencies=[authorized])

OF_A_STUDENT = links(
    "get_student",
    "replace_student",
    "delete_student",
    "list_student_enrollments",
    "get_transcript",
    student_id="$response.body#/users/0/student_id",
)


@router.get("", responses={200: OF_A_STUDENT})
async def list_users(query: Listing, database: Database) -> UsersOut:
    """List users, a page at a time."""
    return await database.read(users.page, query)


@router.post(
    "",
    status_code=201,
    responses=created("user") | refusals(NotFound, EmailTaken, StudentTaken, StudentRequired),
    dependencies=[json_body],
)
async def create_user(
    new: UserIn, database: Database, passwords: Passwords, tagged: Tagged, response: Response
) -> UserOut:
    """Add a login; a student's is linked to a student, nobody else's is."""
    user = await database.write(users.create, new, await passwords.hash(new.password))
    response.headers["Location"] = f"/users/{user.id}"
    return tagged(user)


@router.get("/{user_id}", responses=conditional())
async def get_user(user_id: Id, database: Database, tagged: Tagged) -> UserOut:
    """Read a user."""
    return tagged(await database.read(users.get, user_id))


@router.patch("/{user_id}", responses=refusals(StudentTaken, LastRegistrar, StudentRequired), dependencies=[json_body])
async def update_user(user_id: Id, patch: UserPatch, if_match: IfMatch, database: Database, tagged: Tagged) -> UserOut:
    """Change a user; another role, or deactivation, ends their sessions."""
    return tagged(await database.write(users.update, user_id, patch, if_match))
