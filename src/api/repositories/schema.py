"""Which schema the database has."""

from sqlalchemy import column, inspect, select, table

from api.repositories.tables import Reader

REVISION = select(table("alembic_version", column("version_num")).c.version_num)


class SchemaRows(Reader):
    def revision(self) -> str | None:
        """The migration that the database stands at; None if it has seen none."""
        if not inspect(self._connection).has_table("alembic_version"):
            return None
        return self._connection.scalar(REVISION)
