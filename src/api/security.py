"""Who is asking, what they may do (one table), and how passwords and tokens are kept."""

import hashlib
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from pwdlib.hashers.argon2 import Argon2Hasher

from api.database import hop
from api.errors import Forbidden
from api.models import Role

ANYONE_SIGNED_IN = frozenset(Role)
REGISTRARS = frozenset({Role.REGISTRAR})
STAFF = REGISTRARS | {Role.INSTRUCTOR}
REGISTRARS_AND_STUDENTS = REGISTRARS | {Role.STUDENT}

# CONTRACT.md, section 2. A student who is named here may still touch only what is theirs.
WHO_MAY: dict[str, frozenset[Role]] = {
    "log_out": ANYONE_SIGNED_IN,
    "get_me": ANYONE_SIGNED_IN,
    "change_password": ANYONE_SIGNED_IN,
    "list_users": REGISTRARS,
    "create_user": REGISTRARS,
    "get_user": REGISTRARS,
    "update_user": REGISTRARS,
    "list_students": STAFF,
    "create_student": REGISTRARS,
    "get_student": ANYONE_SIGNED_IN,
    "replace_student": REGISTRARS,
    "delete_student": REGISTRARS,
    "list_student_enrollments": ANYONE_SIGNED_IN,
    "get_transcript": REGISTRARS_AND_STUDENTS,
    "list_terms": ANYONE_SIGNED_IN,
    "create_term": REGISTRARS,
    "get_term": ANYONE_SIGNED_IN,
    "replace_term": REGISTRARS,
    "delete_term": REGISTRARS,
    "list_courses": ANYONE_SIGNED_IN,
    "create_course": REGISTRARS,
    "get_course": ANYONE_SIGNED_IN,
    "replace_course": REGISTRARS,
    "delete_course": REGISTRARS,
    "list_sections": ANYONE_SIGNED_IN,
    "create_section": REGISTRARS,
    "get_section": ANYONE_SIGNED_IN,
    "replace_section": REGISTRARS,
    "delete_section": REGISTRARS,
    "list_section_enrollments": STAFF,
    "enroll": REGISTRARS_AND_STUDENTS,
    "get_enrollment": ANYONE_SIGNED_IN,
    "change_enrollment": REGISTRARS_AND_STUDENTS,
    "grade_enrollment": STAFF,
    "get_summary": REGISTRARS,
}

TOKEN_LIFETIME = timedelta(hours=8)
MAX_FAILURES, FAILURE_WINDOW = 5, timedelta(minutes=15)
DEMO_PASSWORD = "correct horse battery"

TokenSource: TypeAlias = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Caller:
    """A signed-in user, and the digest of the token that said so."""

    id: int
    role: Role
    student_id: int | None
    digest: bytes


def permit(caller: Caller, operation: str, student_id: str | None) -> None:
    """Raise Forbidden unless the table lets this role do this, and a student to this student (as the path has it)."""
    own = caller.role is not Role.STUDENT or student_id is None or student_id == str(caller.student_id)
    if caller.role not in WHO_MAY[operation] or not own:
        raise Forbidden


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


class Passwords:
    """Argon2id on one thread of its own: 32 logins at once would otherwise stop all else and take gigabytes.

    The defaults are OWASP's: 2 passes over 19 MiB, on one lane.
    """

    def __init__(self, *, refuse_demo: bool = False, time_cost: int = 2, memory_cost: int = 19 * 1024) -> None:
        """`memory_cost` is in KiB; `refuse_demo` makes the demo logins' password never right."""
        self._argon2 = Argon2Hasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=1)
        self._refused = DEMO_PASSWORD if refuse_demo else None
        self._decoy = self._argon2.hash(secrets.token_hex())
        self._thread = ThreadPoolExecutor(1, "hash")

    async def hash(self, password: str) -> str:
        return await hop(self._thread, lambda: self.hash_now(password))

    async def prove(self, password: str, stored: str | None) -> str | None:
        """Give `stored` back if it is this password's hash, else None, after the same work in every case."""
        right = await hop(self._thread, lambda: self._argon2.verify(password, stored or self._decoy))
        return stored if right and password != self._refused else None

    def hash_now(self, password: str) -> str:
        return self._argon2.hash(password)

    def close(self) -> None:
        self._thread.shutdown()
