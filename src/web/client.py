"""The only way to data: one pooled session with the API, and its ways to fail: `Refused`, `ApiDown`, `ApiFailed`."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any, TypeVar

import requests
from pydantic import BaseModel, ValidationError
from requests.adapters import HTTPAdapter
from urllib3 import HTTPSConnectionPool, Retry
from urllib3.exceptions import HTTPError

from web.deadline import ClockedPool, TimeLeft
from web.resources import Problem

LARGEST_ANSWER = 4 * 1024 * 1024
Shape = TypeVar("Shape", bound=BaseModel)


class ApiDown(Exception):
    """The API is gone, hangs, drips, or says something that is no answer of its."""


class ApiFailed(Exception):
    """The API answered 500: it is there, and this request broke it."""


class Refused(Exception):
    """The API understood, and said no: 4xx. `retry_after` is in seconds."""

    def __init__(self, status: int, problem: Problem, retry_after: int | None = None) -> None:
        super().__init__(f"{status} {problem.code}")
        self.status = status
        self.code = problem.code
        self.detail = problem.detail
        self.errors = problem.errors
        self.violations = problem.violations
        self.retry_after = retry_after


@dataclass(frozen=True)
class Caller:
    """Whom a call is made for: the API checks the token, counts failed logins by address, and logs the request id."""

    token: str | None
    request_id: str
    address: str

    @property
    def headers(self) -> dict[str, str]:
        headers = {"X-Request-ID": self.request_id, "X-Forwarded-For": self.address}
        return headers | ({"Authorization": f"Bearer {self.token}"} if self.token else {})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def as_(self, shape: type[Shape]) -> Shape:
        try:
            return shape.model_validate_json(self.body)
        except ValidationError as error:
            raise ApiDown(f"{self.status} with a body that is no {shape.__name__}") from error


class Adapter(HTTPAdapter):
    """Retries what is safe to repeat, on connections that keep a deadline (over TLS, only each read has one)."""

    def __init__(self, connections: int) -> None:
        retry = Retry(
            total=2,
            allowed_methods={"GET"},
            status_forcelist={502, 503, 504},
            raise_on_status=False,
            respect_retry_after_header=False,
        )
        super().__init__(pool_maxsize=connections, max_retries=retry)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": ClockedPool, "https": HTTPSConnectionPool}


class Connection:
    """The process's one session with the API: pooled, shared by all threads, and remembering nobody (no cookies)."""

    def __init__(self, url: str, *, connections: int = 16, deadline: float = 5.0) -> None:
        self.url = url.rstrip("/")
        self.deadline = deadline
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.session.headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        self.session.mount(self.url, Adapter(connections))

    def send(self, method: str, path: str, headers: Mapping[str, str], time_left: TimeLeft, **content: Any) -> Answer:
        try:
            with self.session.request(
                method,
                self.url + path,
                headers=headers,
                timeout=time_left,  # type: ignore[arg-type]  # what requests hands on to urllib3
                allow_redirects=False,
                stream=True,
                **content,
            ) as response:
                body = response.raw.read(LARGEST_ANSWER + 1)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise ApiDown(f"{method} {path}: {type(error).__name__}") from error
        return _judged(Answer(response.status_code, response.headers, body))


def _judged(answer: Answer) -> Answer:
    """The same answer, if it is a success."""
    if len(answer.body) > LARGEST_ANSWER:
        raise ApiDown(f"{answer.status} with a body of more than {LARGEST_ANSWER} bytes")
    if 200 <= answer.status < 300:
        return answer
    if answer.status == 500:
        raise ApiFailed
    if 400 <= answer.status < 500:
        retry_after = answer.headers.get("Retry-After", "")
        raise Refused(answer.status, answer.as_(Problem), int(retry_after) if retry_after.isdecimal() else None)
    raise ApiDown(f"answered {answer.status}")
