"""The schema: as the models name it, and with the indexes that lists and searches read."""

import re
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, insert, inspect
from sqlalchemy.orm import Session

from api import migrations
from api.models import Base, Student
from tests.unit.api.visitors import API


def test_models_and_migrations_agree(engine: Engine) -> None:
    def is_no_search_index(name: str | None, *_: object) -> bool:
        return "students_search" not in (name or "")

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_no_search_index})

        assert compare_metadata(context, Base.metadata) == []


def test_migrating_again_changes_nothing(engine: Engine, database_url: str) -> None:
    before = sorted(inspect(engine).get_table_names())

    migrations.upgrade(database_url)

    assert sorted(inspect(engine).get_table_names()) == before


@pytest.mark.parametrize(
    ("query", "sqlite", "postgresql"),
    [
        ("after=1", "SEARCH students USING INTEGER PRIMARY KEY (rowid>?)", "pk_students"),
        ("before=9", "SEARCH students USING INTEGER PRIMARY KEY (rowid<?)", "pk_students"),
        ("q=lovelace", "SCAN students_search VIRTUAL TABLE INDEX", "ix_students_search"),
    ],
)
def test_a_page_or_a_search_reads_an_index_and_not_the_table(
    api: API, session: Session, engine: Engine, query: str, sqlite: str, postgresql: str
) -> None:
    session.execute(insert(Student), [{"name": f"Ada {n}", "email": f"ada{n}@example.org"} for n in range(8000)])
    session.commit()
    asked: list[tuple[str, Any]] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    api.get(f"/students?{query}")
    event.remove(Engine, "before_cursor_execute", note)

    with engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        explain = "EXPLAIN" if engine.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
        statement, parameters = asked[-1]
        plan = "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
    assert {"sqlite": sqlite, "postgresql": postgresql}[engine.dialect.name] in plan
    assert not re.search(r"SCAN students$|Seq Scan", plan, re.MULTILINE)
