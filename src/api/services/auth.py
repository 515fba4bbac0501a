"""Logging in and out. A password is proven between two units of work, so that no transaction is open meanwhile."""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from api.errors import InvalidCredentials, TooManyAttempts
from api.repositories import Rows, Work
from api.schemas import TokenOut
from api.security import FAILURE_WINDOW, MAX_FAILURES, TOKEN_LIFETIME, Caller, digest
from api.services.preconditions import IfMatch


def password_hash(rows: Rows, email: str, address: str) -> str | None:
    """What to prove a password against; raise TooManyAttempts before any work is done."""
    _throttle(rows.failed_logins.since(email, address, rows.now - FAILURE_WINDOW), rows.now)
    return rows.users.password_hash_by_email(email)


def log_in(work: Work, email: str, address: str, proven: str | None, token: str) -> TokenOut | InvalidCredentials:
    """Issue `token` if the account is active and its password `proven`; else count a failure.

    Failures are counted again under a lock, so attempts made at the same time gain nothing.
    """
    work.failed_logins.lock(email, address)
    _throttle(work.failed_logins.since(email, address, work.now - FAILURE_WINDOW), work.now)
    user = work.users.find_by_email(email)
    if user is None or not user.is_active or user.password_hash != proven:
        work.failed_logins.add(email, address, work.now)
        return InvalidCredentials()
    work.failed_logins.clear(email, address)
    work.failed_logins.forget(before=work.now - FAILURE_WINDOW)
    work.tokens.forget_expired(user.id, work.now)
    work.tokens.add(digest(token), user.id, work.now + TOKEN_LIFETIME)
    return TokenOut(access_token=token, expires_in=int(TOKEN_LIFETIME.total_seconds()))


def caller(rows: Rows, token: str) -> Caller | None:
    """Whose token this is, unless it is unknown, expired or revoked."""
    hashed = digest(token)
    user = rows.tokens.bearer(hashed, rows.now)
    return Caller(user.id, user.role, user.student_id, hashed) if user else None


def log_out(work: Work, caller: Caller, if_match: IfMatch) -> None:
    if_match.require(None)
    work.tokens.revoke(caller.digest)


def _throttle(failures: Sequence[datetime], now: datetime) -> None:
    if len(failures) >= MAX_FAILURES:
        wait = failures[-MAX_FAILURES] + FAILURE_WINDOW - now
        raise TooManyAttempts(retry_after=ceil(wait.total_seconds()))
