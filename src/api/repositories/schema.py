"""Which schema the database has."""

from sqlalchemy import Connection, column, inspect, select, table

REVISION = select(table("alembic_version", column("version_num")).c.version_num)


class SchemaRows:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def revision(self) -> str | None:
        """The migration that the database stands at; None if it has seen none."""
        if not inspect(self._connection).has_table("alembic_version"):
            return None
        return self._connection.scalar(REVISION)
