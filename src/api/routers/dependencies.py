"""What operations declare. All are `async`: FastAPI takes each plain function through a thread."""

import re
from typing import Annotated, TypeAlias, TypeVar

from fastapi import Depends, Path, Query, Request, Response, params
from fastapi.security import OAuth2PasswordBearer
from starlette.exceptions import HTTPException

from api import database, security
from api.errors import Unauthenticated, UnsupportedMediaType
from api.fields import DIGITS, MAX_ID
from api.schemas import Out, PageQuery, SearchQuery, SectionQuery, TermQuery
from api.services import auth, preconditions

T = TypeVar("T", bound=Out)
ENTITY_TAG = re.compile(r'(?:W/)?"[^"]*"|\*')

Id: TypeAlias = Annotated[int, Path(ge=1, le=MAX_ID), DIGITS]
Listing: TypeAlias = Annotated[PageQuery, Query()]
Search: TypeAlias = Annotated[SearchQuery, Query()]
SectionSearch: TypeAlias = Annotated[SectionQuery, Query()]
OfTerm: TypeAlias = Annotated[TermQuery, Query()]


async def _database(request: Request) -> database.Database:
    opened: database.Database = request.app.state.database
    return opened


Database: TypeAlias = Annotated[database.Database, Depends(_database)]


async def _passwords(request: Request) -> security.Passwords:
    kept: security.Passwords = request.app.state.passwords
    return kept


Passwords: TypeAlias = Annotated[security.Passwords, Depends(_passwords)]


_bearer = OAuth2PasswordBearer("/auth/token", auto_error=False)


async def _caller(
    request: Request, database: Database, token: Annotated[str | None, Depends(_bearer)]
) -> security.Caller:
    """Who is asking, if they may: so 401 and 403 come before the rest of the request is judged."""
    if token is None:
        raise Unauthenticated
    caller = await database.read(auth.caller, token)
    if caller is None:
        raise Unauthenticated(token_sent=True)
    security.permit(caller, request.scope["route"].name, request.path_params.get("student_id"))
    return caller


Caller: TypeAlias = Annotated[security.Caller, Depends(_caller)]
authorized = Depends(_caller)


def _body_of(media_type: str) -> params.Depends:
    """Refuse a body of another media type."""

    async def judge(request: Request) -> None:
        sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if sent != media_type and (sent or await request.body()):
            raise UnsupportedMediaType

    return params.Depends(judge)


json_body = _body_of("application/json")
form_body = _body_of("application/x-www-form-urlencoded")


def _tags(request: Request, header: str) -> frozenset[str]:
    return frozenset(ENTITY_TAG.findall(", ".join(request.headers.getlist(header))))


async def _if_match(request: Request) -> preconditions.IfMatch:
    return preconditions.IfMatch(_tags(request, "if-match") if "if-match" in request.headers else None)


IfMatch: TypeAlias = Annotated[preconditions.IfMatch, Depends(_if_match)]


class _Tagged:
    """Put a resource's entity tag on the answer; a GET that has it already gets 304 (RFC 9110, section 13.1.2)."""

    def __init__(self, request: Request, response: Response) -> None:
        self._request, self._response = request, response

    def __call__(self, out: T) -> T:
        tag = out.etag()
        known = {each.removeprefix("W/") for each in _tags(self._request, "if-none-match")}
        if self._request.method == "GET" and known & {"*", tag}:
            raise HTTPException(304, headers={"ETag": tag})
        self._response.headers["ETag"] = tag
        return out


async def _tagged(request: Request, response: Response) -> _Tagged:
    return _Tagged(request, response)


Tagged: TypeAlias = Annotated[_Tagged, Depends(_tagged)]
