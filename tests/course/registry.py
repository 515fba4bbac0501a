"""The API of the course text, as its reader would use it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from requests import Response
from typing_extensions import override

from tests.exchanges import RecordedSession
from tests.samples import Json, unique, unique_email

PATIENCE, PAGES = 5, 1000  # seconds without a byte; pages of one list
TUTORIALS = "?page={page}&skip={known}&offset={known}"  # which of these it knows is not known


class Registry(RecordedSession):
    """Talks to the API at `url`, as whoever the token says, if the API has logins.

    No connection is kept: a small server may serve one at a time, and the web UI wants to ask it, too.
    """

    idle = -1.0

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.headers["Connection"] = "close"

    @override
    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> Response:
        """`url` may be a path. A redirect is followed."""
        kwargs = {"timeout": PATIENCE} | kwargs
        return super().request(method, urljoin(f"{self.url}/", str(url)), *args, **kwargs)

    def log_in(self, email: str, password: str) -> None:
        answer = self.post("/auth/token", data={"username": email, "password": password})
        assert answer.ok, f"the registrar cannot log in: {answer.status_code} (--auth none if there are no logins)"
        token = json_object(answer).get("access_token")
        assert isinstance(token, str), "the answer has no access_token"
        self.headers["Authorization"] = f"Bearer {token}"

    def students(self) -> Iterator[Json]:
        """All of them; where the list has pages, all pages: as it links them, or else as FastAPI's tutorials ask."""
        answer, is_promised, known = self.get("/students"), True, set[str]()
        for number in range(PAGES):
            try:
                body = json_object(answer)
                listed = _listed(body)
            except (AssertionError, ValueError):
                if is_promised:
                    raise
                return
            new = [student for student in listed if _key(student) not in known]
            yield from new
            known.update(map(_key, new))
            is_promised = "next" in body
            following = body["next"] if is_promised else TUTORIALS.format(page=number + 1, known=len(known))
            is_first_again = number == 1 and not is_promised  # where pages are counted from 1
            if not following or not (new or is_first_again):
                return
            query = f"?page={following}" if isinstance(following, int) else str(following)
            answer = self.get(urljoin(answer.url, query))

    def find(self, email: str) -> Json | None:
        """The student with this email, in whatever case it was stored; the list is all that the text promises.

        A page slides when others are deleted while it is read, so who is not there is looked for twice.
        """
        listed = (each for _ in range(2) for each in self.students())
        return next((each for each in listed if str(each["email"]).lower() == email.lower()), None)

    def add(self, name: str = "Ada Lovelace") -> Json:
        """A new student, as the list has them."""
        student = self.offer(name)
        assert student, "a student is not taken"
        return student

    def offer(self, name: str) -> Json | None:
        """The same, if somebody may have this name."""
        email = unique_email()
        answer = self.post("/students", json={"name": name, "email": email})
        if 400 <= answer.status_code < 500:
            return None
        assert answer.ok, f"a student is not taken: {answer.status_code}"
        student = self.find(email)
        assert student, "a new student is not in the list"
        return student


def _listed(body: Json) -> list[Json]:
    listed = body.get("students")
    assert isinstance(listed, list), 'the answer has no list named "students"'
    for student in listed:
        assert isinstance(student, dict), "a student is no JSON object"
        assert student.keys() >= {"id", "name", "email"}, "a student lacks id, name or email"
    return listed


def _key(student: Json) -> str:
    """What tells a student from all others, however the rest of the record reads each time."""
    return f"{student['id']} {student['email']}"


def json_object(answer: Response) -> Json:
    assert answer.ok, f"{answer.request.method} {answer.url}: {answer.status_code}"
    body = answer.json()
    assert isinstance(body, dict), "the answer is no JSON object"
    return body


def unique_name() -> str:
    return f"Ada {unique()}"


def shown(student: Json) -> tuple[str, str]:
    """Name and email, as compared."""
    return str(student["name"]), str(student["email"]).lower()
