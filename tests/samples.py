"""What every suite makes for itself: records that nobody else has, under unique names and with distant deadlines."""

import uuid
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TypeAlias

from requests import RequestException

from tests.exchanges import RecordedSession, unseen

Json: TypeAlias = dict[str, Any]
ROLES = ("registrar", "instructor", "student")
PASSWORD = "a passphrase of our own"
MISSING_ID = 2**31 - 1
PAST, FUTURE = "2001-01-01T00:00:00Z", "2999-01-01T00:00:00Z"
PAST_DAY, FUTURE_DAY = "2001-01-01", "2999-01-01"
CLOSED = {"enrollment_opens_at": "2000-01-01T00:00:00Z", "enrollment_closes_at": PAST}
PATIENCE = 20  # seconds without a byte


def unique() -> str:
    return uuid.uuid4().hex


def unique_email() -> str:
    return f"{unique()}@example.org"


def new_student() -> Json:
    return {"name": "Ada Lovelace", "email": unique_email()}


def new_user() -> Json:
    return {"name": "Grace Hopper", "email": unique_email(), "role": "instructor", "password": PASSWORD}


def new_term() -> Json:
    """Open for everything, though its days are over: a registrar's home need not show every test's sections."""
    deadlines = dict.fromkeys(("enrollment_closes_at", "drop_deadline", "withdraw_deadline"), FUTURE)
    dates = {"starts_on": PAST_DAY, "ends_on": "2001-05-01", "enrollment_opens_at": PAST}
    return {"name": unique(), "credit_limit": 100} | dates | deadlines


def new_course() -> Json:
    return {"code": unique(), "title": "Analytical Engines", "credits": 3}


class Terms:
    """Those that were made at the API, to be closed: some pages offer every section of each that is open.

    No test is blamed for what is answered to that, nor shows it; and none waits for it a second time.
    """

    def __init__(self, api_url: str, headers: Mapping[str, str | bytes]) -> None:
        self._url, self._headers = f"{api_url}/terms", headers
        self._made: list[Json] = []
        self._lasting: list[Json] = []
        self._can_close = True

    def add(self, term: Json, *, lasts: bool = False) -> Json:
        """The term, which is for one test, unless it `lasts`."""
        (self._lasting if lasts else self._made).append(term)
        return term

    def close(self) -> None:
        """Close those that one test has made."""
        made, self._made = self._made, []
        if self._can_close:
            self._can_close = False  # unless it goes well: whatever ends this, the time limit too, does so once
            with suppress(AssertionError, RequestException, LookupError, TypeError):
                for term in made:
                    self._close(term)
                self._can_close = True

    def close_all(self) -> None:
        self._made += self._lasting
        self.close()

    def _close(self, term: Json) -> None:
        closed = {field: term[field] for field in new_term()} | CLOSED | {"ends_on": term["starts_on"]}
        with unseen(), RecordedSession(self._url) as session:
            session.headers.update(self._headers)
            session.put(f"{self._url}/{term['id']}", json=closed, timeout=PATIENCE)
