"""What was left of coming back: why a difference ended so, and stays that no return ended."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Key
from branchnet.models.changes import add_column, drop_column, write_anew

revision = "0007"
down_revision = "0006"

CLOSING_NOTE = sa.Column("closing_note", sa.String(length=200), nullable=True)


def upgrade() -> None:
    add_column(op.get_bind(), "discrepancies", CLOSING_NOTE, {})
    _let_return_be(nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM stay_ends WHERE return_id IS NULL")
    _let_return_be(nullable=False)
    drop_column(op.get_bind(), "discrepancies", CLOSING_NOTE)


def _let_return_be(*, nullable: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("stay_ends", "return_id", existing_type=Key, nullable=nullable)
        return
    never, perhaps = "return_id INTEGER NOT NULL", "return_id INTEGER"
    write_anew(op.get_bind(), "stay_ends", [(never, perhaps) if nullable else (perhaps, never)])
