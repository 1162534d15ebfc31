"""Readings and facts."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Day, Key, Moment, Month
from branchnet.models.triggers import make

revision = "0003"
down_revision = "0002"

TABLES = (
    "readings",
    "reading_revisions",
    "point_months",
    "stale_facts",
)
APPEND_ONLY = ("reading_revisions",)


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("window_kind", sa.String(length=10), nullable=False),
        sa.Column("month", Month, nullable=True),
        sa.Column("batch_id", Key, nullable=True),
        sa.Column("first_on", Day(), nullable=False),
        sa.Column("last_on", Day(), nullable=False),
        sa.Column("current_id", Key, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("(window_kind = 'stay') = (batch_id IS NOT NULL)", name=op.f("ck_readings_stay")),
        sa.CheckConstraint("(window_kind IN ('month', 'stay')) = (month IS NOT NULL)", name=op.f("ck_readings_month")),
        sa.CheckConstraint("window_kind IN ('month', 'stay', 'term', 'year')", name=op.f("ck_readings_window")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_readings_dates")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_readings_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "current_id", "id"],
            ["reading_revisions.network_id", "reading_revisions.id", "reading_revisions.reading_id"],
            name="fk_readings_current",
            use_alter=True,
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_readings_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_readings_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_readings_network_id_id")),
    )
    op.create_index(op.f("ix_readings_network_id_month"), "readings", ["network_id", "month"], unique=False)
    op.create_index(
        "uq_readings_month",
        "readings",
        ["network_id", "point_id", "month"],
        unique=True,
        sqlite_where=sa.text("window_kind = 'month'"),
        postgresql_where=sa.text("window_kind = 'month'"),
    )
    op.create_index(
        "uq_readings_stay",
        "readings",
        ["network_id", "batch_id"],
        unique=True,
        sqlite_where=sa.text("window_kind = 'stay'"),
        postgresql_where=sa.text("window_kind = 'stay'"),
    )
    op.create_table(
        "reading_revisions",
        sa.Column("reading_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=True),
        sa.Column("in_school_visits", sa.Integer(), nullable=True),
        sa.Column("in_school_loans", sa.Integer(), nullable=True),
        sa.Column("community_visits", sa.Integer(), nullable=True),
        sa.Column("community_loans", sa.Integer(), nullable=True),
        sa.Column("borrowers", sa.Integer(), nullable=True),
        sa.Column("days_open", sa.Integer(), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=True),
        sa.Column("not_open", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("held_reason", sa.String(length=20), nullable=True),
        sa.Column("receipt", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("submitted_by", Key, nullable=True),
        sa.Column("submitted_at", Moment(), nullable=False),
        sa.Column("claimed_at", Moment(), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("(outcome = 'held') = (held_reason IS NOT NULL)", name=op.f("ck_reading_revisions_held")),
        sa.CheckConstraint("channel IN ('link', 'staff', 'import', 'demo')", name=op.f("ck_reading_revisions_channel")),
        sa.CheckConstraint(
            "held_reason IN ('stale', 'locked', 'revoked_link', 'overlap')",
            name=op.f("ck_reading_revisions_held_reason"),
        ),
        sa.CheckConstraint("method IN ('exact', 'sampled', 'estimated')", name=op.f("ck_reading_revisions_method")),
        sa.CheckConstraint("outcome IN ('applied', 'held')", name=op.f("ck_reading_revisions_outcome")),
        sa.CheckConstraint(
            "NOT not_open OR coalesce(in_school_visits, in_school_loans, community_visits, community_loans, borrowers, days_open) IS NULL",
            name=op.f("ck_reading_revisions_not_open"),
        ),
        sa.CheckConstraint("borrowers >= 0", name=op.f("ck_reading_revisions_borrowers")),
        sa.CheckConstraint("community_loans >= 0", name=op.f("ck_reading_revisions_community_loans")),
        sa.CheckConstraint("community_visits >= 0", name=op.f("ck_reading_revisions_community_visits")),
        sa.CheckConstraint("days_open >= 0", name=op.f("ck_reading_revisions_days_open")),
        sa.CheckConstraint("in_school_loans >= 0", name=op.f("ck_reading_revisions_in_school_loans")),
        sa.CheckConstraint("in_school_visits >= 0", name=op.f("ck_reading_revisions_in_school_visits")),
        sa.ForeignKeyConstraint(
            ["network_id", "reading_id"],
            ["readings.network_id", "readings.id"],
            name=op.f("fk_reading_revisions_network_id_reading_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "submitted_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_reading_revisions_network_id_submitted_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_reading_revisions_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_revisions")),
        sa.UniqueConstraint(
            "network_id", "id", "reading_id", name=op.f("uq_reading_revisions_network_id_id_reading_id")
        ),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_reading_revisions_network_id_id")),
        sa.UniqueConstraint(
            "network_id", "reading_id", "number", name=op.f("uq_reading_revisions_network_id_reading_id_number")
        ),
        sa.UniqueConstraint("network_id", "receipt", name=op.f("uq_reading_revisions_network_id_receipt")),
    )
    op.create_table(
        "point_months",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("month", Month, nullable=False),
        sa.Column("book_days", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("copies_quality", sa.String(length=20), nullable=False),
        sa.Column("batches_in", sa.Integer(), nullable=False),
        sa.Column("in_school_visits", sa.Integer(), nullable=True),
        sa.Column("in_school_loans", sa.Integer(), nullable=True),
        sa.Column("community_visits", sa.Integer(), nullable=True),
        sa.Column("community_loans", sa.Integer(), nullable=True),
        sa.Column("computed_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "book_days >= 0 AND copies >= 0 AND batches_in >= 0 AND days > 0", name=op.f("ck_point_months_counts")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_point_months_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_point_months_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_months")),
        sa.UniqueConstraint("network_id", "point_id", "month", name=op.f("uq_point_months_network_id_point_id_month")),
    )
    op.create_index(op.f("ix_point_months_network_id_month"), "point_months", ["network_id", "month"], unique=False)
    op.create_table(
        "stale_facts",
        sa.Column("place_id", Key, nullable=False),
        sa.Column("month", Month, nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id", "place_id"],
            ["places.network_id", "places.id"],
            name=op.f("fk_stale_facts_network_id_place_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_stale_facts_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stale_facts")),
        sa.UniqueConstraint("network_id", "place_id", "month", name=op.f("uq_stale_facts_network_id_place_id_month")),
    )
    for table in APPEND_ONLY:
        make(op.get_bind(), table)
    if op.get_bind().dialect.name == "postgresql":  # SQLite has it in the table already
        op.create_foreign_key(
            "fk_readings_current",
            "readings",
            "reading_revisions",
            ["network_id", "current_id", "id"],
            ["network_id", "id", "reading_id"],
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_readings_current", "readings")
    for table in reversed(TABLES):
        op.drop_table(table)
