"""CPU time of servers: on a busy machine it is steadier than throughput."""

import contextlib

import psutil
import psycopg
from sqlalchemy import make_url


def seconds(root: psutil.Process | None) -> float:
    """All that a process and its children have used until now, those that have ended too."""
    if root is None:
        return 0
    total = 0.0
    for process in (root, *root.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])  # user, system, and the same of children that have ended
    return total


def postgres_of(database_url: str) -> psutil.Process | None:
    """The process that all of PostgreSQL's are children of, if it runs on this machine."""
    if not database_url.startswith("postgresql"):
        return None
    url = make_url(database_url).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False)) as connection:
        try:
            parent = psutil.Process(connection.info.backend_pid).parent()
        except psutil.NoSuchProcess:
            return None
    return parent if parent and "postgres" in parent.name() else None
