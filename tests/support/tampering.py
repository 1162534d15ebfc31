"""Writing behind the application's back, as somebody with the database's own rights could."""

from sqlalchemy import create_engine, text

from branchnet.config import driver_url


def tamper(database_url: str, statement: str) -> None:
    """Execute a statement past foreign keys and triggers, and make sure that it changed something."""
    engine = create_engine(driver_url(database_url))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
            for name in triggers.all():
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        assert connection.execute(text(statement)).rowcount > 0
    engine.dispose()
