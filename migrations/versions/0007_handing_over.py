"""Handing over: a point closes in one network and continues in another, and one row ties the two."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Day, Key, Moment
from branchnet.models import triggers

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "hand_overs",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=True),
        sa.Column("to_network_id", Key, nullable=False),
        sa.Column("to_point_id", Key, nullable=False),
        sa.Column("to_batch_id", Key, nullable=True),
        sa.Column("happened_on", Day(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("network_id <> to_network_id", name=op.f("ck_hand_overs_another")),
        sa.CheckConstraint("(batch_id IS NULL) = (to_batch_id IS NULL)", name=op.f("ck_hand_overs_pair")),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_hand_overs_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_hand_overs_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "recorded_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_hand_overs_network_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["to_network_id", "to_point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_hand_overs_to_network_id_to_point_id"),
        ),
        sa.ForeignKeyConstraint(
            ["to_network_id", "to_batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_hand_overs_to_network_id_to_batch_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_hand_overs_network_id")),
        sa.ForeignKeyConstraint(["to_network_id"], ["networks.id"], name=op.f("fk_hand_overs_to_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
        sa.UniqueConstraint("network_id", "point_id", name=op.f("uq_hand_overs_network_id_point_id")),
        sa.UniqueConstraint("network_id", "batch_id", name=op.f("uq_hand_overs_network_id_batch_id")),
        sa.UniqueConstraint("to_network_id", "to_point_id", name=op.f("uq_hand_overs_to_network_id_to_point_id")),
        sa.UniqueConstraint("to_network_id", "to_batch_id", name=op.f("uq_hand_overs_to_network_id_to_batch_id")),
    )
    triggers.make(op.get_bind(), "hand_overs")


def downgrade() -> None:
    op.drop_table("hand_overs")
