"""How alembic reaches the database."""

from alembic import context
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from api.models import Base

engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
with engine.connect() as connection:
    if connection.dialect.name == "postgresql":  # one migration at a time; the lock goes with the transaction
        connection.execute(text("SELECT pg_advisory_xact_lock(7281963)"))
    context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
