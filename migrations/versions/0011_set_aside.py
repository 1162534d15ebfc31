"""A community may be set aside, with a reason; what was published of reach says by which way."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Moment
from branchnet.models.changes import add_column, drop_column

revision = "0011"
down_revision = "0010"

COLUMNS: "tuple[tuple[str, sa.Column[object], dict[str, str]], ...]" = (
    ("communities", sa.Column("set_aside_at", Moment(), nullable=True), {}),
    (
        "communities",
        sa.Column("set_aside_why", sa.String(length=200), nullable=True),
        {"set_aside": "(set_aside_at IS NULL) = (set_aside_why IS NULL)"},
    ),
    ("coverage_statements", sa.Column("way", sa.String(length=10), nullable=True), {}),
)


def upgrade() -> None:
    for table, column, checks in COLUMNS:
        add_column(op.get_bind(), table, column, checks)


def downgrade() -> None:
    for table, column, _checks in reversed(COLUMNS):
        drop_column(op.get_bind(), table, column)
