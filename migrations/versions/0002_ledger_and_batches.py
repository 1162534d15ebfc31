"""Ledger and batches."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Day, Key, Moment
from branchnet.models.triggers import make

revision = "0002"
down_revision = "0001"

TABLES = (
    "lots",
    "batches",
    "entries",
    "moves",
    "holdings",
    "boxes",
    "batch_lines",
    "batch_events",
    "discrepancies",
    "counters",
)
APPEND_ONLY = (
    "entries",
    "moves",
    "batch_events",
)


def upgrade() -> None:
    op.create_table(
        "lots",
        sa.Column("serial", sa.Boolean(), nullable=False),
        sa.Column("barcode", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=True),
        sa.Column("publisher", sa.String(length=200), nullable=True),
        sa.Column("isbn", sa.String(length=13), nullable=True),
        sa.Column("category", sa.String(length=40), nullable=True),
        sa.Column("call_number", sa.String(length=60), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("price_fen", sa.Integer(), nullable=True),
        sa.Column("property_number", sa.String(length=60), nullable=True),
        sa.Column("fund", sa.String(length=60), nullable=True),
        sa.Column("owner", sa.String(length=20), nullable=False),
        sa.Column("quality", sa.String(length=20), nullable=False),
        sa.Column("initials", sa.String(length=300), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("NOT serial OR quality = 'exact'", name=op.f("ck_lots_serial_exact")),
        sa.CheckConstraint("owner IN ('central', 'school', 'book_house', 'gift')", name=op.f("ck_lots_owner")),
        sa.CheckConstraint("quality IN ('exact', 'at_least', 'estimated')", name=op.f("ck_lots_quality")),
        sa.CheckConstraint("length(barcode) > 0", name=op.f("ck_lots_barcode_text")),
        sa.CheckConstraint("length(title) > 0", name=op.f("ck_lots_title")),
        sa.CheckConstraint("price_fen > 0", name=op.f("ck_lots_price")),
        sa.CheckConstraint("serial = (barcode IS NOT NULL)", name=op.f("ck_lots_barcode")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_lots_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lots")),
        sa.UniqueConstraint("network_id", "barcode", name=op.f("uq_lots_network_id_barcode")),
        sa.UniqueConstraint("network_id", "id", "serial", name=op.f("uq_lots_network_id_id_serial")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_lots_network_id_id")),
    )
    op.create_index(op.f("ix_lots_network_id_initials"), "lots", ["network_id", "initials"], unique=False)
    op.create_table(
        "batches",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("terms", sa.String(length=20), nullable=False),
        sa.Column("from_place_id", Key, nullable=False),
        sa.Column("to_place_id", Key, nullable=False),
        sa.Column("transit_place_id", Key, nullable=True),
        sa.Column("dispatched_on", Day(), nullable=True),
        sa.Column("received_on", Day(), nullable=True),
        sa.Column("due_back_on", Day(), nullable=True),
        sa.Column("collected_on", Day(), nullable=True),
        sa.Column("settles_id", Key, nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("collected_on IS NULL OR kind = 'delivery'", name=op.f("ck_batches_collected")),
        sa.CheckConstraint("due_back_on IS NULL OR kind = 'delivery'", name=op.f("ck_batches_due_back")),
        sa.CheckConstraint(
            "kind IN ('opening', 'accession', 'allocation', 'delivery', 'rotation', 'return', 'withdrawal')",
            name=op.f("ck_batches_kind"),
        ),
        sa.CheckConstraint("settles_id IS NULL OR kind = 'return'", name=op.f("ck_batches_settles")),
        sa.CheckConstraint("state <> 'dispatched' OR dispatched_on IS NOT NULL", name=op.f("ck_batches_dispatched")),
        sa.CheckConstraint(
            "state IN ('draft', 'packed', 'dispatched', 'received', 'closed', 'cancelled')",
            name=op.f("ck_batches_state"),
        ),
        sa.CheckConstraint("terms IN ('deposit', 'gift')", name=op.f("ck_batches_terms")),
        sa.CheckConstraint("collected_on >= dispatched_on", name=op.f("ck_batches_collected_later")),
        sa.CheckConstraint("from_place_id <> to_place_id", name=op.f("ck_batches_elsewhere")),
        sa.CheckConstraint("received_on >= dispatched_on", name=op.f("ck_batches_received")),
        sa.ForeignKeyConstraint(
            ["network_id", "created_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_batches_network_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "from_place_id"],
            ["places.network_id", "places.id"],
            name=op.f("fk_batches_network_id_from_place_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "settles_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_batches_network_id_settles_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "to_place_id"],
            ["places.network_id", "places.id"],
            name=op.f("fk_batches_network_id_to_place_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "transit_place_id"],
            ["places.network_id", "places.id"],
            name=op.f("fk_batches_network_id_transit_place_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_batches_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_batches_network_id_id")),
        sa.UniqueConstraint("network_id", "number", name=op.f("uq_batches_network_id_number")),
        sa.UniqueConstraint("network_id", "transit_place_id", name=op.f("uq_batches_network_id_transit_place_id")),
    )
    op.create_index(
        op.f("ix_batches_network_id_from_place_id"), "batches", ["network_id", "from_place_id"], unique=False
    )
    op.create_index(op.f("ix_batches_network_id_state"), "batches", ["network_id", "state"], unique=False)
    op.create_index(op.f("ix_batches_network_id_to_place_id"), "batches", ["network_id", "to_place_id"], unique=False)
    op.create_table(
        "entries",
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("batch_id", Key, nullable=True),
        sa.Column("happened_on", Day(), nullable=False),
        sa.Column("posted_on", Day(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", Key, nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("reverses_id", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("posted_on >= happened_on", name=op.f("ck_entries_posted")),
        sa.CheckConstraint("reverses_id IS NULL OR length(reason) > 0", name=op.f("ck_entries_reversal_reason")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_entries_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "recorded_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_entries_network_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "reverses_id"],
            ["entries.network_id", "entries.id"],
            name=op.f("fk_entries_network_id_reverses_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_entries_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sa.UniqueConstraint("network_id", "id", "posted_on", name=op.f("uq_entries_network_id_id_posted_on")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_entries_network_id_id")),
        sa.UniqueConstraint("network_id", "reverses_id", name=op.f("uq_entries_network_id_reverses_id")),
    )
    op.create_index(op.f("ix_entries_network_id_batch_id"), "entries", ["network_id", "batch_id"], unique=False)
    op.create_table(
        "moves",
        sa.Column("entry_id", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=True),
        sa.Column("lot_id", Key, nullable=False),
        sa.Column("serial", sa.Boolean(), nullable=False),
        sa.Column("from_place_id", Key, nullable=False),
        sa.Column("to_place_id", Key, nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("occurred_on", Day(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", Key, nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("reverses_id", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("NOT serial OR quantity = 1", name=op.f("ck_moves_serial_one")),
        sa.CheckConstraint("from_place_id <> to_place_id", name=op.f("ck_moves_elsewhere")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_moves_quantity")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"], ["batches.network_id", "batches.id"], name=op.f("fk_moves_network_id_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "entry_id", "occurred_on"],
            ["entries.network_id", "entries.id", "entries.posted_on"],
            name="fk_moves_entry_day",
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "entry_id"], ["entries.network_id", "entries.id"], name=op.f("fk_moves_network_id_entry_id")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "from_place_id"],
            ["places.network_id", "places.id"],
            name=op.f("fk_moves_network_id_from_place_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "lot_id", "serial"],
            ["lots.network_id", "lots.id", "lots.serial"],
            name=op.f("fk_moves_network_id_lot_id_serial"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "recorded_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_moves_network_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "reverses_id", "lot_id", "to_place_id", "from_place_id", "quantity"],
            [
                "moves.network_id",
                "moves.id",
                "moves.lot_id",
                "moves.from_place_id",
                "moves.to_place_id",
                "moves.quantity",
            ],
            name="fk_moves_mirror",
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "to_place_id"],
            ["places.network_id", "places.id"],
            name=op.f("fk_moves_network_id_to_place_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_moves_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
        sa.UniqueConstraint(
            "network_id", "id", "lot_id", "from_place_id", "to_place_id", "quantity", name="uq_moves_mirror"
        ),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_moves_network_id_id")),
        sa.UniqueConstraint("network_id", "reverses_id", name=op.f("uq_moves_network_id_reverses_id")),
    )
    op.create_index(op.f("ix_moves_network_id_batch_id"), "moves", ["network_id", "batch_id"], unique=False)
    op.create_index(op.f("ix_moves_network_id_entry_id"), "moves", ["network_id", "entry_id"], unique=False)
    op.create_index(
        op.f("ix_moves_network_id_from_place_id_occurred_on"),
        "moves",
        ["network_id", "from_place_id", "occurred_on"],
        unique=False,
    )
    op.create_index(op.f("ix_moves_network_id_lot_id_id"), "moves", ["network_id", "lot_id", "id"], unique=False)
    op.create_index(
        op.f("ix_moves_network_id_to_place_id_occurred_on"),
        "moves",
        ["network_id", "to_place_id", "occurred_on"],
        unique=False,
    )
    op.create_table(
        "holdings",
        sa.Column("place_id", Key, nullable=False),
        sa.Column("keeps", sa.Boolean(), nullable=False),
        sa.Column("lot_id", Key, nullable=False),
        sa.Column("serial", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("last_on", Day(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("NOT serial OR quantity <= 1", name=op.f("ck_holdings_serial_one")),
        sa.CheckConstraint("keeps", name=op.f("ck_holdings_keeps")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_holdings_quantity")),
        sa.ForeignKeyConstraint(
            ["network_id", "lot_id", "serial"],
            ["lots.network_id", "lots.id", "lots.serial"],
            name=op.f("fk_holdings_network_id_lot_id_serial"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "place_id", "keeps"],
            ["places.network_id", "places.id", "places.keeps"],
            name=op.f("fk_holdings_network_id_place_id_keeps"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_holdings_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holdings")),
        sa.UniqueConstraint("network_id", "place_id", "lot_id", name=op.f("uq_holdings_network_id_place_id_lot_id")),
    )
    op.create_index(
        "uq_holdings_copy_in_one_place",
        "holdings",
        ["network_id", "lot_id"],
        unique=True,
        sqlite_where=sa.text("serial AND quantity > 0"),
        postgresql_where=sa.text("serial AND quantity > 0"),
    )
    op.create_table(
        "boxes",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("arrived_on", Day(), nullable=True),
        sa.Column("counted_on", Day(), nullable=True),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("entry_id", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "(copies IS NULL) = (counted_on IS NULL) AND (copies IS NULL) = (entry_id IS NULL)",
            name=op.f("ck_boxes_counted"),
        ),
        sa.CheckConstraint("copies >= 0", name=op.f("ck_boxes_copies")),
        sa.CheckConstraint("number >= 0", name=op.f("ck_boxes_number")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"], ["batches.network_id", "batches.id"], name=op.f("fk_boxes_network_id_batch_id")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "entry_id"], ["entries.network_id", "entries.id"], name=op.f("fk_boxes_network_id_entry_id")
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_boxes_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boxes")),
        sa.UniqueConstraint("network_id", "batch_id", "number", name=op.f("uq_boxes_network_id_batch_id_number")),
        sa.UniqueConstraint("network_id", "id", "batch_id", name=op.f("uq_boxes_network_id_id_batch_id")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_boxes_network_id_id")),
        sa.UniqueConstraint("network_id", "label", name=op.f("uq_boxes_network_id_label")),
    )
    op.create_table(
        "batch_lines",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("box_id", Key, nullable=True),
        sa.Column("lot_id", Key, nullable=False),
        sa.Column("serial", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("added_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("NOT serial OR quantity = 1", name=op.f("ck_batch_lines_serial_one")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_batch_lines_quantity")),
        sa.ForeignKeyConstraint(
            ["network_id", "added_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_batch_lines_network_id_added_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_batch_lines_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "box_id", "batch_id"],
            ["boxes.network_id", "boxes.id", "boxes.batch_id"],
            name=op.f("fk_batch_lines_network_id_box_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "lot_id", "serial"],
            ["lots.network_id", "lots.id", "lots.serial"],
            name=op.f("fk_batch_lines_network_id_lot_id_serial"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_batch_lines_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_lines")),
        sa.UniqueConstraint(
            "network_id", "batch_id", "box_id", "lot_id", name=op.f("uq_batch_lines_network_id_batch_id_box_id_lot_id")
        ),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_batch_lines_network_id_id")),
    )
    op.create_index(op.f("ix_batch_lines_network_id_lot_id"), "batch_lines", ["network_id", "lot_id"], unique=False)
    op.create_index(
        "uq_batch_lines_copy_once",
        "batch_lines",
        ["network_id", "batch_id", "lot_id"],
        unique=True,
        sqlite_where=sa.text("serial"),
        postgresql_where=sa.text("serial"),
    )
    op.create_index(
        "uq_batch_lines_loose",
        "batch_lines",
        ["network_id", "batch_id", "lot_id"],
        unique=True,
        sqlite_where=sa.text("box_id IS NULL"),
        postgresql_where=sa.text("box_id IS NULL"),
    )
    op.create_table(
        "batch_events",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("happened_on", Day(), nullable=False),
        sa.Column("recorded_at", Moment(), nullable=False),
        sa.Column("recorded_by", Key, nullable=True),
        sa.Column("entry_id", Key, nullable=True),
        sa.Column("copies", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "step IN ('drafted', 'packed', 'unpacked', 'dispatched', 'arrived', 'received', 'counted_in', 'scanned', 'restocked', 'resolved', 'closed', 'reopened', 'cancelled', 'reversed')",
            name=op.f("ck_batch_events_step"),
        ),
        sa.CheckConstraint("copies >= 0", name=op.f("ck_batch_events_copies")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_batch_events_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "entry_id"],
            ["entries.network_id", "entries.id"],
            name=op.f("fk_batch_events_network_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "recorded_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_batch_events_network_id_recorded_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_batch_events_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_events")),
    )
    op.create_index(
        op.f("ix_batch_events_network_id_batch_id_id"), "batch_events", ["network_id", "batch_id", "id"], unique=False
    )
    op.create_table(
        "discrepancies",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("box_id", Key, nullable=True),
        sa.Column("lot_id", Key, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("in_transit", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("opened_on", Day(), nullable=False),
        sa.Column("opened_by", Key, nullable=True),
        sa.Column("opened_entry_id", Key, nullable=True),
        sa.Column("closed_on", Day(), nullable=True),
        sa.Column("closed_by", Key, nullable=True),
        sa.Column("resolution", sa.String(length=20), nullable=True),
        sa.Column("entry_id", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "NOT in_transit OR (lot_id IS NOT NULL AND kind = 'short')", name=op.f("ck_discrepancies_in_transit")
        ),
        sa.CheckConstraint("kind IN ('short', 'over', 'damaged')", name=op.f("ck_discrepancies_kind")),
        sa.CheckConstraint(
            "resolution IN ('found', 'lost', 'damaged', 'miscounted', 'surplus')",
            name=op.f("ck_discrepancies_resolution"),
        ),
        sa.CheckConstraint("(closed_on IS NULL) = (resolution IS NULL)", name=op.f("ck_discrepancies_closed")),
        sa.CheckConstraint("closed_on >= opened_on", name=op.f("ck_discrepancies_closed_later")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_discrepancies_quantity")),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_discrepancies_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "box_id", "batch_id"],
            ["boxes.network_id", "boxes.id", "boxes.batch_id"],
            name=op.f("fk_discrepancies_network_id_box_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "closed_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_discrepancies_network_id_closed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "entry_id"],
            ["entries.network_id", "entries.id"],
            name=op.f("fk_discrepancies_network_id_entry_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "lot_id"], ["lots.network_id", "lots.id"], name=op.f("fk_discrepancies_network_id_lot_id")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "opened_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_discrepancies_network_id_opened_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "opened_entry_id"],
            ["entries.network_id", "entries.id"],
            name=op.f("fk_discrepancies_network_id_opened_entry_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_discrepancies_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_discrepancies_network_id_id")),
    )
    op.create_index(
        op.f("ix_discrepancies_network_id_batch_id"), "discrepancies", ["network_id", "batch_id"], unique=False
    )
    op.create_table(
        "counters",
        sa.Column("series", sa.String(length=20), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("last > 0", name=op.f("ck_counters_last")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_counters_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counters")),
        sa.UniqueConstraint("network_id", "series", name=op.f("uq_counters_network_id_series")),
    )
    for table in APPEND_ONLY:
        make(op.get_bind(), table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
