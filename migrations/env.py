"""Runs the migrations on the application's own engine, so that SQLite's DDL is transactional like PostgreSQL's."""

from typing import Any

from alembic import context
from sqlalchemy import text

import branchnet.models  # noqa: F401  registers every table
from branchnet.database import Base
from branchnet.extensions import db


def run() -> None:
    engine = db.engine
    sqlite = engine.dialect.name == "sqlite"
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        if sqlite:
            # DROP TABLE is refused with foreign keys on; they cannot be turned off inside a transaction.
            driver.execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transactional_ddl=True,
            render_as_batch=True,
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
                if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
                    raise RuntimeError(f"the migration would leave references to nothing: {broken[:5]}")
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys = ON")


run()
