"""What was left of coming back: why a difference ended so."""

import sqlalchemy as sa
from alembic import op

from branchnet.models.changes import add_column, drop_column

revision = "0007"
down_revision = "0006"

CLOSING_NOTE = sa.Column("closing_note", sa.String(length=200), nullable=True)


def upgrade() -> None:
    add_column(op.get_bind(), "discrepancies", CLOSING_NOTE, {})


def downgrade() -> None:
    drop_column(op.get_bind(), "discrepancies", CLOSING_NOTE)
