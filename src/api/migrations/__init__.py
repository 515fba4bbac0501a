"""The schema's history, oldest first in `versions`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

HERE = Path(__file__).parent
HEAD = ScriptDirectory(HERE).get_current_head()


def upgrade(url: str) -> None:
    """Bring a database to the schema that this version wants; nothing happens if it has it."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["url"] = url
    command.upgrade(config, "head")
