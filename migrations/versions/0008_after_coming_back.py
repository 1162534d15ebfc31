"""What was left of coming back: why a difference ended so, stays that no return ended, and two more steps of a point."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Key
from branchnet.models.changes import add_column, change_check, drop_column, write_anew

revision = "0008"
down_revision = "0007"

CLOSING_NOTE = sa.Column("closing_note", sa.String(length=200), nullable=True)


STEPS = (
    "step IN ('opened', 'renamed', 'name_corrected', 'kind_changed', 'moved', 'paused', 'resumed', 'closed', 'reopened',"
    " 'merged')"
)
MORE_STEPS = STEPS.replace("'merged'", "'merged', 'enrolment_changed', 'openness_changed'")


def upgrade() -> None:
    add_column(op.get_bind(), "discrepancies", CLOSING_NOTE, {})
    _let_return_be(nullable=True)
    change_check(op.get_bind(), "point_events", "step", STEPS, MORE_STEPS)


def downgrade() -> None:
    change_check(op.get_bind(), "point_events", "step", MORE_STEPS, STEPS)
    op.execute("DELETE FROM stay_ends WHERE return_id IS NULL")
    _let_return_be(nullable=False)
    drop_column(op.get_bind(), "discrepancies", CLOSING_NOTE)


def _let_return_be(*, nullable: bool) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("stay_ends", "return_id", existing_type=Key, nullable=nullable)
        return
    never, perhaps = "return_id INTEGER NOT NULL", "return_id INTEGER"
    write_anew(op.get_bind(), "stay_ends", [(never, perhaps) if nullable else (perhaps, never)])
