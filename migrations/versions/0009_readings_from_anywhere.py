"""Readings: what is said of them, lessons noted, who was reminded; closing by date and its exceptions; links."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Day, Document, Key, Moment
from branchnet.models import triggers
from branchnet.models.changes import add_column, drop_column

revision = "0009"
down_revision = "0008"

TABLES = (
    "chases",
    "link_requests",
    "reminders",
    "successions",
    "lock_exceptions",
    "point_proposals",
    "tallies",
    "reading_reviews",
)
APPEND_ONLY = ("reading_reviews", "tallies", "chases")
REPORT_BY_DAY = sa.Column("report_by_day", sa.Integer(), server_default="5", nullable=False)
REMIND_ON_DAY = sa.Column("remind_on_day", sa.Integer(), server_default="3", nullable=False)
CLOSES_ON_DAY = sa.Column("closes_on_day", sa.Integer(), nullable=True)
ASKS_PIN = sa.Column("asks_pin", sa.Boolean(), server_default=sa.false(), nullable=False)
WARNINGS = sa.Column("warnings", Document, nullable=True)
PIN_HASH = sa.Column("pin_hash", sa.String(length=200), nullable=True)
PIN_FAILURES = sa.Column("pin_failures", sa.Integer(), server_default="0", nullable=False)
COLUMNS = (
    ("networks", REPORT_BY_DAY, {"report_by_day": "report_by_day BETWEEN 1 AND 28"}),
    ("networks", REMIND_ON_DAY, {"remind_on_day": "remind_on_day BETWEEN 1 AND 28"}),
    ("networks", CLOSES_ON_DAY, {"closes_on_day": "closes_on_day BETWEEN 1 AND 28"}),
    ("networks", ASKS_PIN, {}),
    ("reading_revisions", WARNINGS, {}),
    ("teacher_links", PIN_HASH, {}),
    ("teacher_links", PIN_FAILURES, {"pin_failures": "pin_failures >= 0"}),
)


def upgrade() -> None:
    op.create_table(
        "chases",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("sent_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("(kind = 'group') = (person_id IS NULL)", name=op.f("ck_chases_whom")),
        sa.CheckConstraint("kind IN ('message', 'phone', 'group')", name=op.f("ck_chases_kind")),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"], ["people.network_id", "people.id"], name=op.f("fk_chases_network_id_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "sent_by"], ["people.network_id", "people.id"], name=op.f("fk_chases_network_id_sent_by")
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_chases_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chases")),
    )
    op.create_index(
        op.f("ix_chases_network_id_month_person_id"), "chases", ["network_id", "month", "person_id"], unique=False
    )
    op.create_table(
        "link_requests",
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("said", sa.String(length=60), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("handled_at", Moment(), nullable=True),
        sa.Column("handled_by", Key, nullable=True),
        sa.Column("person_id", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("length(said) > 0", name=op.f("ck_link_requests_said")),
        sa.ForeignKeyConstraint(
            ["network_id", "handled_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_link_requests_network_id_handled_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_link_requests_network_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_link_requests_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_requests")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_link_requests_network_id_id")),
    )
    op.create_index(
        "uq_link_requests_code",
        "link_requests",
        ["network_id", "code"],
        unique=True,
        sqlite_where=sa.text("handled_at IS NULL"),
        postgresql_where=sa.text("handled_at IS NULL"),
    )
    op.create_table(
        "reminders",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("due_on", Day(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_reminders_network_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_reminders_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminders")),
        sa.UniqueConstraint(
            "network_id", "person_id", "month", "due_on", name=op.f("uq_reminders_network_id_person_id_month_due_on")
        ),
    )
    op.create_table(
        "successions",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("successor_name", sa.String(length=40), nullable=True),
        sa.Column("successor_phone", sa.String(length=20), nullable=True),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", Key, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("successor_id", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name=op.f("ck_successions_decided")),
        sa.CheckConstraint("(decided_at IS NULL) = (successor_name IS NOT NULL)", name=op.f("ck_successions_named")),
        sa.CheckConstraint("decided_at IS NULL OR successor_phone IS NULL", name=op.f("ck_successions_forgotten")),
        sa.ForeignKeyConstraint(
            ["network_id", "decided_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_successions_network_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_successions_network_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "successor_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_successions_network_id_successor_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_successions_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_successions")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_successions_network_id_id")),
    )
    op.create_index(
        "uq_successions_one_open",
        "successions",
        ["network_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "lock_exceptions",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("point_id", Key, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("ends_on", Day(), nullable=False),
        sa.Column("granted_at", Moment(), nullable=False),
        sa.Column("granted_by", Key, nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("ended_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_lock_exceptions_reason")),
        sa.ForeignKeyConstraint(
            ["network_id", "ended_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_lock_exceptions_network_id_ended_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "granted_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_lock_exceptions_network_id_granted_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_lock_exceptions_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_lock_exceptions_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lock_exceptions")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_lock_exceptions_network_id_id")),
    )
    op.create_index(
        op.f("ix_lock_exceptions_network_id_month"), "lock_exceptions", ["network_id", "month"], unique=False
    )
    op.create_table(
        "point_proposals",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=False),
        sa.Column("from_on", Day(), nullable=True),
        sa.Column("until_on", Day(), nullable=True),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("said_by", Key, nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", Key, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("reply", sa.String(length=200), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "kind IN ('moved', 'renamed', 'contact', 'paused', 'other')", name=op.f("ck_point_proposals_kind")
        ),
        sa.CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name=op.f("ck_point_proposals_decided")),
        sa.CheckConstraint("length(words) > 0", name=op.f("ck_point_proposals_words")),
        sa.CheckConstraint("until_on >= from_on", name=op.f("ck_point_proposals_dates")),
        sa.ForeignKeyConstraint(
            ["network_id", "decided_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_point_proposals_network_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_point_proposals_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "said_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_point_proposals_network_id_said_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_point_proposals_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_proposals")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_point_proposals_network_id_id")),
    )
    op.create_index(
        op.f("ix_point_proposals_network_id_point_id"), "point_proposals", ["network_id", "point_id"], unique=False
    )
    op.create_table(
        "tallies",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("happened_on", Day(), nullable=False),
        sa.Column("in_school_visits", sa.Integer(), nullable=True),
        sa.Column("in_school_loans", sa.Integer(), nullable=True),
        sa.Column("community_visits", sa.Integer(), nullable=True),
        sa.Column("community_loans", sa.Integer(), nullable=True),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("said_by", Key, nullable=True),
        sa.Column("takes_back_id", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "(coalesce(in_school_visits, in_school_loans, community_visits, community_loans) IS NULL) = (takes_back_id IS NOT NULL)",
            name=op.f("ck_tallies_something"),
        ),
        sa.CheckConstraint("community_loans >= 0", name=op.f("ck_tallies_community_loans")),
        sa.CheckConstraint("community_visits >= 0", name=op.f("ck_tallies_community_visits")),
        sa.CheckConstraint("in_school_loans >= 0", name=op.f("ck_tallies_in_school_loans")),
        sa.CheckConstraint("in_school_visits >= 0", name=op.f("ck_tallies_in_school_visits")),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_tallies_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "said_by"], ["people.network_id", "people.id"], name=op.f("fk_tallies_network_id_said_by")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "takes_back_id"],
            ["tallies.network_id", "tallies.id"],
            name=op.f("fk_tallies_network_id_takes_back_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_tallies_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tallies")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_tallies_network_id_id")),
        sa.UniqueConstraint("network_id", "takes_back_id", name=op.f("uq_tallies_network_id_takes_back_id")),
    )
    op.create_index(
        op.f("ix_tallies_network_id_point_id_happened_on"),
        "tallies",
        ["network_id", "point_id", "happened_on"],
        unique=False,
    )
    op.create_table(
        "reading_reviews",
        sa.Column("reading_id", Key, nullable=False),
        sa.Column("revision_id", Key, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=200), nullable=True),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("said_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "kind IN ('accepted', 'sent_back', 'answered', 'applied', 'set_aside')",
            name=op.f("ck_reading_reviews_kind"),
        ),
        sa.CheckConstraint(
            "kind NOT IN ('sent_back', 'answered') OR coalesce(length(words), 0) > 0",
            name=op.f("ck_reading_reviews_words"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "revision_id", "reading_id"],
            ["reading_revisions.network_id", "reading_revisions.id", "reading_revisions.reading_id"],
            name=op.f("fk_reading_reviews_network_id_revision_id_reading_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "said_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_reading_reviews_network_id_said_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_reading_reviews_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_reviews")),
    )
    op.create_index(
        op.f("ix_reading_reviews_network_id_reading_id"), "reading_reviews", ["network_id", "reading_id"], unique=False
    )
    op.create_index(
        "uq_readings_earlier",
        "readings",
        ["network_id", "point_id", "first_on"],
        unique=True,
        sqlite_where=sa.text("window_kind IN ('term', 'year')"),
        postgresql_where=sa.text("window_kind IN ('term', 'year')"),
    )
    for table in APPEND_ONLY:
        triggers.make(op.get_bind(), table)
    for table, column, checks in COLUMNS:
        add_column(op.get_bind(), table, column, checks)


def downgrade() -> None:
    for table, column, _checks in reversed(COLUMNS):
        drop_column(op.get_bind(), table, column)
    op.drop_index("uq_readings_earlier", table_name="readings")
    for table in reversed(TABLES):
        op.drop_table(table)
