"""Operations jobs and audit."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Document, Key, Moment
from branchnet.models.triggers import make

revision = "0004"
down_revision = "0003"

TABLES = (
    "operations",
    "operation_conflicts",
    "jobs",
    "audit_records",
    "audit_seals",
)
APPEND_ONLY = (
    "operations",
    "operation_conflicts",
    "audit_records",
    "audit_seals",
)


def upgrade() -> None:
    op.create_table(
        "operations",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("outcome", Document, nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("length(key) >= 8", name=op.f("ck_operations_key")),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_operations_network_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_operations_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_operations_network_id_id")),
        sa.UniqueConstraint("network_id", "key", name=op.f("uq_operations_network_id_key")),
    )
    op.create_table(
        "operation_conflicts",
        sa.Column("operation_id", Key, nullable=False),
        sa.Column("verb", sa.String(length=40), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("body", Document, nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id", "operation_id"],
            ["operations.network_id", "operations.id"],
            name=op.f("fk_operation_conflicts_network_id_operation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_operation_conflicts_network_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_operation_conflicts_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operation_conflicts")),
        sa.UniqueConstraint(
            "network_id",
            "operation_id",
            "body_hash",
            name=op.f("uq_operation_conflicts_network_id_operation_id_body_hash"),
        ),
    )
    op.create_table(
        "jobs",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("payload", Document, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_units", sa.Integer(), nullable=False),
        sa.Column("all_units", sa.Integer(), nullable=True),
        sa.Column("result", Document, nullable=True),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("started_at", Moment(), nullable=True),
        sa.Column("finished_at", Moment(), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_jobs_state")),
        sa.CheckConstraint("attempts >= 0 AND done_units >= 0", name=op.f("ck_jobs_counts")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_jobs_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_state_id"), "jobs", ["state", "id"], unique=False)
    op.create_index(
        "uq_jobs_one_waiting",
        "jobs",
        ["network_id", "kind", "subject"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_table(
        "audit_records",
        sa.Column("person_id", Key, nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", Key, nullable=True),
        sa.Column("detail", Document, nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_audit_records_network_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_audit_records_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_records")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_audit_records_network_id_id")),
    )
    op.create_index(
        op.f("ix_audit_records_network_id_subject_subject_id"),
        "audit_records",
        ["network_id", "subject", "subject_id"],
        unique=False,
    )
    op.create_table(
        "audit_seals",
        sa.Column("audit_id", Key, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_audit_seals_position")),
        sa.ForeignKeyConstraint(
            ["network_id", "audit_id"],
            ["audit_records.network_id", "audit_records.id"],
            name=op.f("fk_audit_seals_network_id_audit_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_audit_seals_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seals")),
        sa.UniqueConstraint("network_id", "audit_id", name=op.f("uq_audit_seals_network_id_audit_id")),
        sa.UniqueConstraint("network_id", "position", name=op.f("uq_audit_seals_network_id_position")),
    )
    for table in APPEND_ONLY:
        make(op.get_bind(), table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
