"""Coming back: returns and what they settle, exchanges, stocktakes, losses and disposal, the life of a point."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Day, Key, Moment
from branchnet.models import triggers
from branchnet.models.changes import add_column, change_check, drop_column, write_anew

revision = "0006"
down_revision = "0005"

TABLES = (
    "stocktakes",
    "batch_scans",
    "exchanges",
    "found_items",
    "point_events",
    "point_pauses",
    "settlements",
    "stay_answers",
    "stay_ends",
    "stocktake_counts",
    "wishes",
    "disposals",
    "stocktake_crossings",
    "disposal_lines",
    "compensations",
    "repairs",
)
NOTICE_DAYS = sa.Column("notice_days", sa.Integer(), server_default="5", nullable=False)
STEPS = (
    "step IN ('drafted', 'packed', 'unpacked', 'dispatched', 'arrived', 'received', 'counted_in', 'scanned',"
    " 'restocked', 'recalled', 'resolved', 'closed', 'reopened', 'cancelled', 'reversed')"
)
MORE_STEPS = STEPS.replace("'resolved'", "'resolved', 'resettled', 'announced', 'extended'")
RESOLUTIONS = "resolution IN ('found', 'lost', 'damaged', 'miscounted', 'surplus')"
MORE_RESOLUTIONS = RESOLUTIONS.replace("'surplus'", "'surplus', 'repaired', 'worn'")
CHECKS = {
    "where_found": "(batch_id IS NULL) = (place_id IS NOT NULL)",
    "one_cause": "batch_id IS NULL OR stocktake_id IS NULL",
    "of_a_batch": "batch_id IS NOT NULL OR (box_id IS NULL AND NOT in_transit)",
}
REFERENCES = {"stocktake_id": "stocktakes", "place_id": "places"}


def upgrade() -> None:
    op.create_table(
        "stocktakes",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("place_id", Key, nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("begun_on", Day(), nullable=False),
        sa.Column("begun_at", Moment(), nullable=False),
        sa.Column("begun_by", Key, nullable=True),
        sa.Column("last_move_id", Key, nullable=True),
        sa.Column("ended_on", Day(), nullable=True),
        sa.Column("ended_by", Key, nullable=True),
        sa.Column("closed_move_id", Key, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_move_id IS NOT NULL)", name=op.f("ck_stocktakes_closed")),
        sa.CheckConstraint("(state = 'counting') = (ended_on IS NULL)", name=op.f("ck_stocktakes_ended")),
        sa.CheckConstraint("state IN ('counting', 'closed', 'cancelled')", name=op.f("ck_stocktakes_state")),
        sa.CheckConstraint("way IN ('count', 'scan')", name=op.f("ck_stocktakes_way")),
        sa.CheckConstraint("ended_on >= begun_on", name=op.f("ck_stocktakes_ended_later")),
        sa.ForeignKeyConstraint(
            ["network_id", "begun_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_stocktakes_network_id_begun_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "ended_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_stocktakes_network_id_ended_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "place_id"],
            ["places.network_id", "places.id"],
            name=op.f("fk_stocktakes_network_id_place_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_stocktakes_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktakes")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_stocktakes_network_id_id")),
        sa.UniqueConstraint("network_id", "number", name=op.f("uq_stocktakes_network_id_number")),
    )
    op.create_index(
        "uq_stocktakes_one_at_a_place",
        "stocktakes",
        ["network_id", "place_id"],
        unique=True,
        sqlite_where=sa.text("state = 'counting'"),
        postgresql_where=sa.text("state = 'counting'"),
    )
    _let_differences_stand_alone()
    op.create_table(
        "batch_scans",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("lot_id", Key, nullable=False),
        sa.Column("serial", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("scanned_at", Moment(), nullable=False),
        sa.Column("scanned_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("NOT serial OR quantity = 1", name=op.f("ck_batch_scans_serial_one")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_batch_scans_quantity")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_batch_scans_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "lot_id", "serial"],
            ["lots.network_id", "lots.id", "lots.serial"],
            name=op.f("fk_batch_scans_network_id_lot_id_serial"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "scanned_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_batch_scans_network_id_scanned_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_batch_scans_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_scans")),
        sa.UniqueConstraint("network_id", "batch_id", "lot_id", name=op.f("uq_batch_scans_network_id_batch_id_lot_id")),
    )
    op.create_table(
        "exchanges",
        sa.Column("place_id", Key, nullable=False),
        sa.Column("outgoing_id", Key, nullable=False),
        sa.Column("returning_id", Key, nullable=False),
        sa.Column("happened_on", Day(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("outgoing_id <> returning_id", name=op.f("ck_exchanges_two_batches")),
        sa.ForeignKeyConstraint(
            ["network_id", "outgoing_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_exchanges_network_id_outgoing_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "place_id"],
            ["places.network_id", "places.id"],
            name=op.f("fk_exchanges_network_id_place_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "recorded_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_exchanges_network_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "returning_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_exchanges_network_id_returning_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_exchanges_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchanges")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_exchanges_network_id_id")),
        sa.UniqueConstraint("network_id", "outgoing_id", name=op.f("uq_exchanges_network_id_outgoing_id")),
        sa.UniqueConstraint("network_id", "returning_id", name=op.f("uq_exchanges_network_id_returning_id")),
    )
    op.create_table(
        "found_items",
        sa.Column("place_id", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=True),
        sa.Column("stocktake_id", Key, nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=True),
        sa.Column("whose", sa.String(length=100), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("found_on", Day(), nullable=False),
        sa.Column("found_by", Key, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("closed_on", Day(), nullable=True),
        sa.Column("closed_by", Key, nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("outcome IN ('given_back', 'kept', 'ours')", name=op.f("ck_found_items_outcome")),
        sa.CheckConstraint("(closed_on IS NULL) = (outcome IS NULL)", name=op.f("ck_found_items_closed")),
        sa.CheckConstraint("closed_on >= found_on", name=op.f("ck_found_items_closed_later")),
        sa.CheckConstraint("code IS NOT NULL OR title IS NOT NULL", name=op.f("ck_found_items_named")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_found_items_quantity")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_found_items_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "closed_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_found_items_network_id_closed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "found_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_found_items_network_id_found_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "place_id"],
            ["places.network_id", "places.id"],
            name=op.f("fk_found_items_network_id_place_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "stocktake_id"],
            ["stocktakes.network_id", "stocktakes.id"],
            name=op.f("fk_found_items_network_id_stocktake_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_found_items_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_found_items")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_found_items_network_id_id")),
    )
    op.create_index(op.f("ix_found_items_network_id_batch_id"), "found_items", ["network_id", "batch_id"], unique=False)
    op.create_table(
        "point_events",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("happened_on", Day(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", Key, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "step IN ('opened', 'renamed', 'name_corrected', 'kind_changed', 'moved', 'paused', 'resumed', 'closed', 'reopened', 'merged')",
            name=op.f("ck_point_events_step"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_point_events_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "recorded_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_point_events_network_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_point_events_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_events")),
    )
    op.create_index(
        op.f("ix_point_events_network_id_point_id_id"), "point_events", ["network_id", "point_id", "id"], unique=False
    )
    op.create_table(
        "point_pauses",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("begins_on", Day(), nullable=False),
        sa.Column("ends_on", Day(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("ends_on > begins_on", name=op.f("ck_point_pauses_dates")),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_point_pauses_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_point_pauses_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_pauses")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_point_pauses_network_id_id")),
        sa.UniqueConstraint(
            "network_id", "point_id", "begins_on", name=op.f("uq_point_pauses_network_id_point_id_begins_on")
        ),
    )
    op.create_table(
        "settlements",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("lot_id", Key, nullable=False),
        sa.Column("settles_id", Key, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("batch_id <> settles_id", name=op.f("ck_settlements_another")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_settlements_quantity")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_settlements_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "lot_id"], ["lots.network_id", "lots.id"], name=op.f("fk_settlements_network_id_lot_id")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "settles_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_settlements_network_id_settles_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_settlements_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
        sa.UniqueConstraint(
            "network_id",
            "batch_id",
            "lot_id",
            "settles_id",
            name=op.f("uq_settlements_network_id_batch_id_lot_id_settles_id"),
        ),
    )
    op.create_index(
        op.f("ix_settlements_network_id_settles_id"), "settlements", ["network_id", "settles_id"], unique=False
    )
    op.create_table(
        "stay_answers",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("wanted_on", Day(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("said_by", Key, nullable=True),
        sa.Column("decided_at", Moment(), nullable=True),
        sa.Column("decided_by", Key, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.Column("reply", sa.String(length=200), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("(answer = 'ready') = (wanted_on IS NULL)", name=op.f("ck_stay_answers_wanted_on")),
        sa.CheckConstraint("answer IN ('ready', 'another_day', 'longer')", name=op.f("ck_stay_answers_answer")),
        sa.CheckConstraint("(decided_at IS NULL) = (accepted IS NULL)", name=op.f("ck_stay_answers_decided")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_stay_answers_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "decided_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_stay_answers_network_id_decided_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "said_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_stay_answers_network_id_said_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_stay_answers_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_answers")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_stay_answers_network_id_id")),
    )
    op.create_index(
        op.f("ix_stay_answers_network_id_batch_id"), "stay_answers", ["network_id", "batch_id"], unique=False
    )
    op.create_table(
        "stay_ends",
        sa.Column("delivery_id", Key, nullable=False),
        sa.Column("return_id", Key, nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("delivery_id <> return_id", name=op.f("ck_stay_ends_another")),
        sa.ForeignKeyConstraint(
            ["network_id", "delivery_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_stay_ends_network_id_delivery_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "return_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_stay_ends_network_id_return_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_stay_ends_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stay_ends")),
        sa.UniqueConstraint("network_id", "delivery_id", name=op.f("uq_stay_ends_network_id_delivery_id")),
    )
    op.create_index(op.f("ix_stay_ends_network_id_return_id"), "stay_ends", ["network_id", "return_id"], unique=False)
    op.create_table(
        "stocktake_counts",
        sa.Column("stocktake_id", Key, nullable=False),
        sa.Column("lot_id", Key, nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("counted_on", Day(), nullable=False),
        sa.Column("counted_at", Moment(), nullable=False),
        sa.Column("counted_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stocktake_counts_quantity")),
        sa.ForeignKeyConstraint(
            ["network_id", "counted_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_stocktake_counts_network_id_counted_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "lot_id"], ["lots.network_id", "lots.id"], name=op.f("fk_stocktake_counts_network_id_lot_id")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "stocktake_id"],
            ["stocktakes.network_id", "stocktakes.id"],
            name=op.f("fk_stocktake_counts_network_id_stocktake_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_stocktake_counts_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake_counts")),
        sa.UniqueConstraint(
            "network_id", "stocktake_id", "lot_id", name=op.f("uq_stocktake_counts_network_id_stocktake_id_lot_id")
        ),
    )
    op.create_index(
        "uq_stocktake_counts_in_all",
        "stocktake_counts",
        ["network_id", "stocktake_id"],
        unique=True,
        sqlite_where=sa.text("lot_id IS NULL"),
        postgresql_where=sa.text("lot_id IS NULL"),
    )
    op.create_table(
        "wishes",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("age", sa.String(length=60), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("said_at", Moment(), nullable=False),
        sa.Column("said_by", Key, nullable=True),
        sa.Column("batch_id", Key, nullable=True),
        sa.Column("closed_on", Day(), nullable=True),
        sa.Column("closed_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "age IS NOT NULL OR kind IS NOT NULL OR number IS NOT NULL OR note IS NOT NULL",
            name=op.f("ck_wishes_something"),
        ),
        sa.CheckConstraint("batch_id IS NULL OR closed_on IS NOT NULL", name=op.f("ck_wishes_fulfilled")),
        sa.CheckConstraint("number > 0", name=op.f("ck_wishes_number")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"], ["batches.network_id", "batches.id"], name=op.f("fk_wishes_network_id_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "closed_by"], ["people.network_id", "people.id"], name=op.f("fk_wishes_network_id_closed_by")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_wishes_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "said_by"], ["people.network_id", "people.id"], name=op.f("fk_wishes_network_id_said_by")
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_wishes_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_wishes_network_id_id")),
    )
    op.create_index(op.f("ix_wishes_network_id_point_id"), "wishes", ["network_id", "point_id"], unique=False)
    op.create_table(
        "disposals",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("made_on", Day(), nullable=False),
        sa.Column("approval_number", sa.String(length=60), nullable=True),
        sa.Column("approved_on", Day(), nullable=True),
        sa.Column("entry_id", Key, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "(state = 'approved') = (approval_number IS NOT NULL AND approved_on IS NOT NULL AND entry_id IS NOT NULL)",
            name=op.f("ck_disposals_approved"),
        ),
        sa.CheckConstraint("state IN ('draft', 'approved', 'cancelled')", name=op.f("ck_disposals_state")),
        sa.CheckConstraint("approved_on >= made_on", name=op.f("ck_disposals_approved_later")),
        sa.CheckConstraint("length(approval_number) > 0", name=op.f("ck_disposals_approval_number")),
        sa.ForeignKeyConstraint(
            ["network_id", "created_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_disposals_network_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "entry_id"],
            ["entries.network_id", "entries.id"],
            name=op.f("fk_disposals_network_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_disposals_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposals")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_disposals_network_id_id")),
        sa.UniqueConstraint("network_id", "number", name=op.f("uq_disposals_network_id_number")),
    )
    op.create_table(
        "stocktake_crossings",
        sa.Column("stocktake_id", Key, nullable=False),
        sa.Column("entry_id", Key, nullable=False),
        sa.Column("answer", sa.String(length=20), nullable=False),
        sa.Column("answered_at", Moment(), nullable=False),
        sa.Column("answered_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("answer IN ('before', 'after')", name=op.f("ck_stocktake_crossings_answer")),
        sa.ForeignKeyConstraint(
            ["network_id", "answered_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_stocktake_crossings_network_id_answered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "entry_id"],
            ["entries.network_id", "entries.id"],
            name=op.f("fk_stocktake_crossings_network_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "stocktake_id"],
            ["stocktakes.network_id", "stocktakes.id"],
            name=op.f("fk_stocktake_crossings_network_id_stocktake_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_stocktake_crossings_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake_crossings")),
        sa.UniqueConstraint(
            "network_id",
            "stocktake_id",
            "entry_id",
            name=op.f("uq_stocktake_crossings_network_id_stocktake_id_entry_id"),
        ),
    )
    op.create_table(
        "disposal_lines",
        sa.Column("disposal_id", Key, nullable=False),
        sa.Column("lot_id", Key, nullable=False),
        sa.Column("serial", sa.Boolean(), nullable=False),
        sa.Column("from_place_id", Key, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("NOT serial OR quantity = 1", name=op.f("ck_disposal_lines_serial_one")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_disposal_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["network_id", "disposal_id"],
            ["disposals.network_id", "disposals.id"],
            name=op.f("fk_disposal_lines_network_id_disposal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "from_place_id"],
            ["places.network_id", "places.id"],
            name=op.f("fk_disposal_lines_network_id_from_place_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "lot_id", "serial"],
            ["lots.network_id", "lots.id", "lots.serial"],
            name=op.f("fk_disposal_lines_network_id_lot_id_serial"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_disposal_lines_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_lines")),
        sa.UniqueConstraint(
            "network_id",
            "disposal_id",
            "lot_id",
            "from_place_id",
            name=op.f("uq_disposal_lines_network_id_disposal_id_lot_id_from_place_id"),
        ),
    )
    op.create_index(
        op.f("ix_disposal_lines_network_id_lot_id"), "disposal_lines", ["network_id", "lot_id"], unique=False
    )
    op.create_table(
        "compensations",
        sa.Column("discrepancy_id", Key, nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("agreed_on", Day(), nullable=False),
        sa.Column("paid_on", Day(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_compensations_amount")),
        sa.CheckConstraint("paid_on >= agreed_on", name=op.f("ck_compensations_paid_later")),
        sa.ForeignKeyConstraint(
            ["network_id", "discrepancy_id"],
            ["discrepancies.network_id", "discrepancies.id"],
            name=op.f("fk_compensations_network_id_discrepancy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "recorded_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_compensations_network_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_compensations_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compensations")),
        sa.UniqueConstraint("network_id", "discrepancy_id", name=op.f("uq_compensations_network_id_discrepancy_id")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_compensations_network_id_id")),
    )
    op.create_table(
        "repairs",
        sa.Column("discrepancy_id", Key, nullable=True),
        sa.Column("lot_id", Key, nullable=False),
        sa.Column("serial", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("begun_on", Day(), nullable=False),
        sa.Column("begun_entry_id", Key, nullable=False),
        sa.Column("ended_on", Day(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("entry_id", Key, nullable=True),
        sa.Column("cost_fen", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("outcome IN ('repaired', 'beyond_repair')", name=op.f("ck_repairs_outcome")),
        sa.CheckConstraint("(ended_on IS NULL) = (outcome IS NULL)", name=op.f("ck_repairs_ended")),
        sa.CheckConstraint("NOT serial OR quantity = 1", name=op.f("ck_repairs_serial_one")),
        sa.CheckConstraint("cost_fen >= 0", name=op.f("ck_repairs_cost")),
        sa.CheckConstraint("ended_on >= begun_on", name=op.f("ck_repairs_ended_later")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_repairs_quantity")),
        sa.ForeignKeyConstraint(
            ["network_id", "begun_entry_id"],
            ["entries.network_id", "entries.id"],
            name=op.f("fk_repairs_network_id_begun_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "discrepancy_id"],
            ["discrepancies.network_id", "discrepancies.id"],
            name=op.f("fk_repairs_network_id_discrepancy_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "entry_id"],
            ["entries.network_id", "entries.id"],
            name=op.f("fk_repairs_network_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "lot_id", "serial"],
            ["lots.network_id", "lots.id", "lots.serial"],
            name=op.f("fk_repairs_network_id_lot_id_serial"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "recorded_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_repairs_network_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_repairs_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repairs")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_repairs_network_id_id")),
    )
    op.create_index(op.f("ix_repairs_network_id_lot_id"), "repairs", ["network_id", "lot_id"], unique=False)
    triggers.make(op.get_bind(), "point_events")
    change_check(op.get_bind(), "batch_events", "step", STEPS, MORE_STEPS)
    add_column(op.get_bind(), "networks", NOTICE_DAYS, {"notice_days": "notice_days > 0"})


def downgrade() -> None:
    drop_column(op.get_bind(), "networks", NOTICE_DAYS)
    change_check(op.get_bind(), "batch_events", "step", MORE_STEPS, STEPS)
    for table in reversed(TABLES):
        if table == "stocktakes":
            _let_differences_belong_to_batches()
        op.drop_table(table)


def _let_differences_stand_alone() -> None:
    """A difference may belong to a stocktake or to a place, and not to a batch."""
    if op.get_bind().dialect.name == "sqlite":
        write_anew(op.get_bind(), "discrepancies", _edits())
    else:
        op.alter_column("discrepancies", "batch_id", existing_type=Key, nullable=True)
        for column, table in REFERENCES.items():
            op.add_column("discrepancies", sa.Column(column, Key, nullable=True))
            op.create_foreign_key(
                op.f(f"fk_discrepancies_network_id_{column}"),
                "discrepancies",
                table,
                ["network_id", column],
                ["network_id", "id"],
            )
        for name, check in CHECKS.items():
            op.create_check_constraint(op.f(f"ck_discrepancies_{name}"), "discrepancies", check)
        change_check(op.get_bind(), "discrepancies", "resolution", RESOLUTIONS, MORE_RESOLUTIONS)
    op.create_index(op.f("ix_discrepancies_network_id_place_id"), "discrepancies", ["network_id", "place_id"])


def _let_differences_belong_to_batches() -> None:
    """As it was before. Refused where there are differences of another kind by now."""
    op.drop_index(op.f("ix_discrepancies_network_id_place_id"), "discrepancies")
    if op.get_bind().dialect.name == "sqlite":
        write_anew(op.get_bind(), "discrepancies", [(after, before) for before, after in _edits()])
        return
    change_check(op.get_bind(), "discrepancies", "resolution", MORE_RESOLUTIONS, RESOLUTIONS)
    for name in CHECKS:
        op.drop_constraint(op.f(f"ck_discrepancies_{name}"), "discrepancies", type_="check")
    for column in REFERENCES:
        op.drop_column("discrepancies", column)
    op.alter_column("discrepancies", "batch_id", existing_type=Key, nullable=False)


def _edits() -> list[tuple[str, str]]:
    """What changes in the text of SQLite's table."""
    mark = "CONSTRAINT ck_discrepancies_quantity CHECK (quantity > 0)"
    more = [f"CONSTRAINT ck_discrepancies_{name} CHECK ({check})" for name, check in CHECKS.items()]
    more += [
        f"CONSTRAINT fk_discrepancies_network_id_{column} FOREIGN KEY(network_id, {column})"
        f" REFERENCES {table} (network_id, id)"
        for column, table in REFERENCES.items()
    ]
    return [
        ("batch_id INTEGER NOT NULL", "batch_id INTEGER, stocktake_id INTEGER, place_id INTEGER"),
        (RESOLUTIONS, MORE_RESOLUTIONS),
        (mark, ", ".join([mark, *more])),
    ]
