"""What came again under an id that was taken may be marked as seen by staff."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Key, Moment
from branchnet.models import triggers

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "conflicts_seen",
        sa.Column("operation_id", Key, nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("seen_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id", "operation_id", "body_hash"],
            ["operation_conflicts.network_id", "operation_conflicts.operation_id", "operation_conflicts.body_hash"],
            name=op.f("fk_conflicts_seen_network_id_operation_id_body_hash"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "seen_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_conflicts_seen_network_id_seen_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_conflicts_seen_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts_seen")),
        sa.UniqueConstraint(
            "network_id",
            "operation_id",
            "body_hash",
            name=op.f("uq_conflicts_seen_network_id_operation_id_body_hash"),
        ),
    )
    triggers.make(op.get_bind(), "conflicts_seen")


def downgrade() -> None:
    op.drop_table("conflicts_seen")
