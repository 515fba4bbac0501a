"""Whether the system can serve."""

from api.errors import NotReady
from api.migrations import HEAD
from api.repositories import Rows
from api.schemas import HealthOut


def ready(rows: Rows) -> HealthOut:
    if rows.schema.revision() != HEAD:
        raise NotReady("The database does not have the schema that this version wants")
    return HealthOut()
