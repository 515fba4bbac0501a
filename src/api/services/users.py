"""Users: who may log in, as what. There is always a registrar who can."""

from collections.abc import Sequence

from api.errors import LastRegistrar, StudentRequired, WrongPassword
from api.models import Role, User
from api.repositories import Rows, Work
from api.schemas import PageQuery, UserIn, UserOut, UserPatch, UsersOut
from api.services.pages import links
from api.services.preconditions import IfMatch


def page(rows: Rows, query: PageQuery) -> UsersOut:
    found = rows.users.page(query)
    return UsersOut.model_validate({"users": found.rows, **links("/users", query, found)})


def get(rows: Rows, user_id: int) -> UserOut:
    return UserOut.model_validate(rows.users.get(user_id))


def create(work: Work, new: UserIn, password_hash: str) -> UserOut:
    _require_link(work, new.role, new.student_id)
    user = work.users.add(User(**new.model_dump(exclude={"password"}), password_hash=password_hash))
    return UserOut.model_validate(user)


def update(work: Work, user_id: int, patch: UserPatch, if_match: IfMatch) -> UserOut:
    """Change what the patch names. Another role, or the end of activity, ends the user's sessions."""
    registrars = work.users.active_registrars()
    user = work.users.lock(user_id)
    before = UserOut.model_validate(user)
    if_match.require(before)

    changes = patch.model_dump(exclude_unset=True)
    if changes.get("role", Role.STUDENT) is not Role.STUDENT:
        changes.setdefault("student_id", None)
    after = before.model_copy(update=changes)
    if changes.keys() - {"name"}:
        _require_link(work, after.role, after.student_id)
    if (after.role, after.is_active) != (before.role, before.is_active):
        _end_sessions(work, user, registrars)
    work.users.change(user, changes)
    return after


def password_hash(rows: Rows, user_id: int) -> str | None:
    return rows.users.password_hash(user_id)


def change_password(work: Work, user_id: int, proven: str | None, new: str, if_match: IfMatch) -> None:
    """Replace the hash that was `proven` right by `new`, and end all the user's sessions."""
    if_match.require(None)
    user = work.users.lock(user_id)
    if user.password_hash != proven:
        raise WrongPassword
    user.password_hash = new
    work.tokens.revoke_all(user_id)


def _end_sessions(work: Work, user: User, registrars: Sequence[User]) -> None:
    if registrars == [user]:
        raise LastRegistrar
    work.tokens.revoke_all(user.id)


def _require_link(work: Work, role: Role, student_id: int | None) -> None:
    """A student is linked to a student that exists; nobody else is linked to one."""
    if student_id is not None:
        work.students.lock(student_id)
    if (role is Role.STUDENT) != (student_id is not None):
        raise StudentRequired
