"""Logging in and out, and what a user may do about their own login."""

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request, Response

from api.errors import InvalidCredentials, TooManyAttempts, WrongPassword
from api.openapi import conditional, refusals
from api.routers.dependencies import Caller, Database, IfMatch, Passwords, Tagged, form_body, json_body
from api.schemas import CredentialsIn, PasswordIn, TokenOut, UserOut
from api.services import auth, users

router = APIRouter(tags=["auth"])


@router.post("/auth/token", responses=refusals(InvalidCredentials, TooManyAttempts), dependencies=[form_body])
async def log_in(
    form: Annotated[CredentialsIn, Form()],
    request: Request,
    response: Response,
    database: Database,
    passwords: Passwords,
) -> TokenOut:
    """Exchange an email and a password for an access token (OAuth2's password grant).

    The password is proven between two units of work, so that no transaction is open meanwhile.
    """
    account, address = form.username.lower(), request.client.host if request.client else ""
    stored = await database.read(auth.password_hash, account, address)
    proven = await passwords.prove(form.password, stored)
    token = await database.write(auth.log_in, account, address, proven, request.app.state.new_token())
    response.headers["Cache-Control"] = "no-store"  # RFC 6749, section 5.1
    return token


@router.delete("/auth/token", status_code=204)
async def log_out(caller: Caller, if_match: IfMatch, database: Database) -> None:
    """Revoke the token that this request carries."""
    await database.write(auth.log_out, caller, if_match)


@router.get("/users/me", responses=conditional())
async def get_me(caller: Caller, database: Database, tagged: Tagged) -> UserOut:
    """Read who is asking."""
    return tagged(await database.read(users.get, caller.id))


@router.patch("/users/me", include_in_schema=False)
async def patch_me() -> None:
    """`me` is no id: without this, `PATCH /users/{user_id}` would answer."""
    raise HTTPException(405)


@router.put("/users/me/password", status_code=204, responses=refusals(WrongPassword), dependencies=[json_body])
async def change_password(
    new: PasswordIn, caller: Caller, if_match: IfMatch, database: Database, passwords: Passwords
) -> None:
    """Change one's own password, which ends all one's sessions."""
    stored = await database.read(users.password_hash, caller.id)
    proven = await passwords.prove(new.current_password, stored)
    hashed = await passwords.hash(new.new_password)
    await database.write(users.change_password, caller.id, proven, hashed, if_match)
