"""Where users, their tokens and their failed logins are kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, select
from sqlalchemy.orm import Session

from api.models import FailedLogin, Role, Token, User
from api.repositories.pages import Page, both_ways, read
from api.repositories.tables import Reader, Table, TableRows
from api.schemas import PageQuery

USERS, TOKENS = User.__table__, Token.__table__
COLUMNS = [USERS.c.id, USERS.c.name, USERS.c.email, USERS.c.role, USERS.c.is_active, USERS.c.student_id]
PAGES = both_ways(select(*COLUMNS), USERS.c.id)
HASH_BY_ID = select(USERS.c.password_hash).where(USERS.c.id == bindparam("id"))
HASH_BY_EMAIL = select(USERS.c.password_hash).where(USERS.c.email == bindparam("email"))
BEARER: Select[Any] = (
    select(USERS.c.id, USERS.c.role, USERS.c.student_id)
    .join(TOKENS, TOKENS.c.user_id == USERS.c.id)
    .where(TOKENS.c.digest == bindparam("digest"), TOKENS.c.expires_at > bindparam("now"), USERS.c.is_active)
)
FAILURES = (
    select(FailedLogin.at)
    .where(
        FailedLogin.account == bindparam("account"),
        FailedLogin.address == bindparam("address"),
        FailedLogin.at > bindparam("start"),
    )
    .order_by(FailedLogin.at)
)


class UserRows(TableRows):
    by_id = select(*COLUMNS).where(USERS.c.id == bindparam("id"))

    def page(self, query: PageQuery) -> Page:
        return read(self._connection, PAGES, query)

    def password_hash(self, user_id: int) -> str | None:
        return self._connection.scalar(HASH_BY_ID, {"id": user_id})

    def password_hash_by_email(self, email: str) -> str | None:
        return self._connection.scalar(HASH_BY_EMAIL, {"email": email})


class TokenRows(Reader):
    def bearer(self, digest: bytes, now: datetime) -> Row[Any] | None:
        """The active user (id, role, student_id) whose token this is, unless it has expired."""
        return self._connection.execute(BEARER, {"digest": digest, "now": now}).one_or_none()


class Users(Table[User]):
    kind = User

    def find_by_email(self, email: str) -> User | None:
        return self._session.scalar(select(User).where(User.email == email).with_for_update())

    def find_by_student(self, student_id: int) -> User | None:
        return self._session.scalar(select(User).where(User.student_id == student_id).with_for_update())

    def active_registrars(self) -> Sequence[User]:
        """All of them, locked in one order, so that no two transactions can each remove the other's last but one."""
        return self._session.scalars(
            select(User).where(User.role == Role.REGISTRAR, User.is_active).order_by(User.id).with_for_update()
        ).all()


class Tokens:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, digest: bytes, user_id: int, expires_at: datetime) -> None:
        self._session.add(Token(digest=digest, user_id=user_id, expires_at=expires_at))

    def revoke(self, digest: bytes) -> None:
        self._session.execute(delete(Token).where(Token.digest == digest))

    def revoke_all(self, user_id: int) -> None:
        self._session.execute(delete(Token).where(Token.user_id == user_id))

    def forget_expired(self, user_id: int, now: datetime) -> None:
        self._session.execute(delete(Token).where(Token.user_id == user_id, Token.expires_at <= now))


class FailedLoginRows(Reader):
    def since(self, account: str, address: str, start: datetime) -> Sequence[datetime]:
        """When they failed from `start` on, oldest first."""
        return self._connection.scalars(FAILURES, {"account": account, "address": address, "start": start}).all()


class FailedLogins:
    """Failures are kept for each account from each client address."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self, account: str, address: str) -> None:
        """Let no other transaction count or add failures of this pair until this one ends."""
        if self._session.get_bind().dialect.name == "postgresql":  # SQLite has one writer anyway
            pair = func.hashtextextended(f"{address} {account}", 0)
            self._session.execute(select(func.pg_advisory_xact_lock(pair)))

    def since(self, account: str, address: str, start: datetime) -> Sequence[datetime]:
        return self._session.scalars(FAILURES, {"account": account, "address": address, "start": start}).all()

    def add(self, account: str, address: str, at: datetime) -> None:
        self._session.add(FailedLogin(account=account, address=address, at=at))

    def clear(self, account: str, address: str) -> None:
        self._session.execute(delete(FailedLogin).where(FailedLogin.account == account, FailedLogin.address == address))

    def forget(self, before: datetime) -> None:
        self._session.execute(delete(FailedLogin).where(FailedLogin.at < before))
