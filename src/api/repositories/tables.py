"""What every table can do: a `TableRows` finds a row to read, a `Table` gives, takes and drops entities to change."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.errors import NotFound
from api.models import Base

Entity = TypeVar("Entity", bound=Base)


class Reader:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection


class TableRows(Reader):
    by_id: ClassVar[Select[Any]]

    def find(self, row_id: int) -> Row[Any] | None:
        return self._connection.execute(self.by_id, {"id": row_id}).one_or_none()

    def get(self, row_id: int) -> Row[Any]:
        """The row; raise NotFound where there is none."""
        row = self.find(row_id)
        if row is None:
            raise NotFound
        return row


class Table(Generic[Entity]):
    kind: type[Entity]

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, entity_id: int) -> Entity | None:
        return self._session.get(self.kind, entity_id)

    def exists(self, entity_id: int) -> bool:
        return self.find(entity_id) is not None

    def lock(self, entity_id: int) -> Entity:
        """The entity, this transaction's alone until it ends; raise NotFound where there is none."""
        entity = self._session.get(self.kind, entity_id, with_for_update=True, populate_existing=True)
        if entity is None:
            raise NotFound(f"There is no such {self.kind.__name__.lower()}")
        return entity

    def add(self, entity: Entity) -> Entity:
        self._session.add(entity)
        self._session.flush()
        return entity

    def add_missing(self, entities: Sequence[Entity], unique: InstrumentedAttribute[str]) -> Sequence[Entity]:
        """Add those of which there is none with the same value of `unique`, and give them."""
        taken = set(self._session.scalars(select(unique)))
        missing = [entity for entity in entities if getattr(entity, unique.key) not in taken]
        self._session.add_all(missing)
        self._session.flush()
        return missing

    def change(self, entity: Entity, changes: Mapping[str, Any]) -> None:
        for column, value in changes.items():
            setattr(entity, column, value)

    def delete(self, entity: Entity) -> None:
        self._session.delete(entity)

    def _any(self, *conditions: ColumnElement[bool]) -> bool:
        return bool(self._session.scalar(select(exists().where(*conditions))))
