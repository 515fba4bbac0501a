"""`python -m api`: serve, migrate, seed, create-user."""

import json
import multiprocessing
import os
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Annotated, NoReturn

import typer
import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy.exc import SQLAlchemyError

from api import migrations
from api.config import Settings
from api.database import Database
from api.errors import NotReady, Refusal, Unavailable
from api.main import create_app, utc_now
from api.models import Role
from api.repositories import Work
from api.schemas import UserIn
from api.security import DEMO_PASSWORD, Passwords
from api.seed import LOGINS, Size, seed
from api.services import health, users

app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "api.middleware.RequestIDFilter"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s [%(request_id)s] %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["request_id"]}},
    "root": {"level": "INFO", "handlers": ["stderr"]},
}


def fail(message: str) -> NoReturn:
    typer.echo(f"Error: {message.splitlines()[0]}", err=True)
    raise typer.Exit(1)


def settings(**options: str | int | None) -> Settings:
    """What the environment says, where no option of the command line says otherwise."""
    try:
        return Settings.model_validate({name: value for name, value in options.items() if value is not None})
    except ValidationError as invalid:
        fail("; ".join(f"API_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in invalid.errors()))


@contextmanager
def database(settings: Settings) -> Iterator[Database]:
    """The database, once it has been seen to answer and to have the schema that this version wants."""
    with closing(Database(settings, utc_now)) as opened:
        try:
            opened.read_now(health.ready)
            yield opened
        except NotReady:
            fail("the database has an old schema or none: run `python -m api migrate` first")
        except Unavailable as unavailable:
            fail(f"the database that API_DATABASE_URL names does not answer: {unavailable.__cause__}")
        except Refusal as refusal:
            fail(refusal.detail)


def worker() -> FastAPI:
    """One process of `serve`, on one core: its threads pass Python's lock on without waking another core for it."""
    if hasattr(os, "sched_setaffinity"):  # Linux
        cores = sorted(os.sched_getaffinity(0))
        number = re.sub(r"\D", "", multiprocessing.current_process().name) or os.getpid()
        os.sched_setaffinity(0, {cores[int(number) % len(cores)]})
    return create_app()


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on [default: API_HOST, or 127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on [default: API_PORT, or 8000].")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes [default: API_WORKERS, or 1].")] = None,
) -> None:
    """Serve the API."""
    chosen = settings(host=host, port=port, workers=workers)
    with database(chosen), socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((chosen.host, chosen.port))
        except OSError as taken:
            fail(f"cannot listen on {chosen.host}:{chosen.port} (API_HOST, API_PORT): {taken.strerror}")
    uvicorn.run(
        "api.__main__:worker",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        forwarded_allow_ips=chosen.trusted_proxies,
        server_header=False,
        log_config=LOGGING,
    )


@app.command()
def migrate() -> None:
    """Bring the database to the schema that this version wants."""
    try:
        migrations.upgrade(settings().database_url)
    except SQLAlchemyError as failure:
        fail(f"the database that API_DATABASE_URL names cannot be migrated: {failure}")
    typer.echo(f"The database stands at {migrations.HEAD}.")


@app.command("seed")
def seed_demo(size: Annotated[Size, typer.Option(help="600 students, or 100,000.")] = Size.SMALL) -> None:
    """Add the demo data that is missing; production refuses it."""
    if settings().production:
        fail("demo logins are refused while API_ENVIRONMENT=production")

    def with_progress(work: Work) -> int:
        with typer.progressbar(length=size.students * 10, label="Seeding", file=sys.stderr) as bar:
            added = 0
            for records in seed(work, password_hash, size):
                added += records
                bar.update(records)
        return added

    with database(settings()) as opened, closing(Passwords()) as passwords:
        password_hash = passwords.hash_now(DEMO_PASSWORD)
        added = opened.write_now(with_progress)
    typer.echo(f"Added {added} records. Log in as {', '.join(email for _, email, _ in LOGINS)}: {DEMO_PASSWORD}")


@app.command()
def create_user(
    name: Annotated[str, typer.Option(prompt=True)],
    email: Annotated[str, typer.Option(prompt=True)],
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.REGISTRAR,
    student_id: Annotated[int | None, typer.Option(help="Whose login this is, for a student.")] = None,
    password: Annotated[
        str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True, envvar="API_NEW_PASSWORD")
    ] = "",
) -> None:
    """Add a login, such as a new system's first registrar; its password is asked for, or API_NEW_PASSWORD."""
    try:
        new = UserIn(name=name, email=email, role=role, password=password, student_id=student_id)
    except ValidationError as invalid:
        fail("; ".join(f"{fault['loc'][0]}: {fault['msg']}" for fault in invalid.errors()))
    with database(settings()) as opened, closing(Passwords()) as passwords:
        user = opened.write_now(users.create, new, passwords.hash_now(new.password))
    typer.echo(f"Added user {user.id}, {user.email}.")


@app.command()
def openapi() -> None:
    """Print the OpenAPI document: what tests/contract/openapi.json has to say."""
    typer.echo(json.dumps(create_app(settings()).openapi(), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(app())
