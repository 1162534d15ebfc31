"""Sending books out: what goes along, papers, trips, files with rows; boxes recalled from the road."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Day, Document, Key, Moment
from branchnet.models.changes import add_column, change_check, drop_column

revision = "0005"
down_revision = "0004"

TABLES = (
    "vehicles",
    "paper_templates",
    "trips",
    "agreements",
    "batch_goods",
    "file_lists",
    "trip_batches",
    "trip_stops",
)
COLUMNS: tuple[tuple[str, sa.Column[object], dict[str, str]], ...] = (
    (
        "batches",
        sa.Column("donors", sa.Integer()),
        {"donated": "donors IS NULL OR kind = 'accession'", "donors": "donors > 0"},
    ),
    ("batches", sa.Column("archive_number", sa.String(60)), {}),
    ("batches", sa.Column("photos_at", sa.String(100)), {}),
    (
        "batches",
        sa.Column("photos", sa.Integer()),
        {"photos": "photos IS NULL OR (photos > 0 AND photos_at IS NOT NULL)"},
    ),
    ("boxes", sa.Column("recalled_on", Day()), {"recalled": "recalled_on IS NULL OR counted_on IS NULL"}),
    (
        "networks",
        sa.Column("road_days", sa.Integer(), server_default="7", nullable=False),
        {"road_days": "road_days > 0"},
    ),
)
STEPS = (
    "step IN ('drafted', 'packed', 'unpacked', 'dispatched', 'arrived', 'received', 'counted_in', 'scanned',"
    " 'restocked', 'resolved', 'closed', 'reopened', 'cancelled', 'reversed')"
)


def upgrade() -> None:
    op.create_table(
        "vehicles",
        sa.Column("plate", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("mobile_library", sa.Boolean(), nullable=False),
        sa.Column("in_service_from", Day(), nullable=False),
        sa.Column("out_of_service_on", Day(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("length(plate) > 0 AND length(name) > 0", name=op.f("ck_vehicles_named")),
        sa.CheckConstraint("out_of_service_on >= in_service_from", name=op.f("ck_vehicles_dates")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_vehicles_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicles")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_vehicles_network_id_id")),
        sa.UniqueConstraint("network_id", "plate", name=op.f("uq_vehicles_network_id_plate")),
    )
    op.create_table(
        "paper_templates",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("kind IN ('agreement')", name=op.f("ck_paper_templates_kind")),
        sa.ForeignKeyConstraint(
            ["network_id", "created_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_paper_templates_network_id_created_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_paper_templates_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_templates")),
    )
    op.create_index(
        op.f("ix_paper_templates_network_id_kind_id"), "paper_templates", ["network_id", "kind", "id"], unique=False
    )

    op.create_table(
        "trips",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("happened_on", Day(), nullable=False),
        sa.Column("vehicle_id", Key, nullable=True),
        sa.Column("driver", sa.String(length=40), nullable=True),
        sa.Column("crew", sa.String(length=200), nullable=True),
        sa.Column("km", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=True),
        sa.Column("cancelled_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("km >= 0", name=op.f("ck_trips_km")),
        sa.ForeignKeyConstraint(
            ["network_id", "created_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_trips_network_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "vehicle_id"],
            ["vehicles.network_id", "vehicles.id"],
            name=op.f("fk_trips_network_id_vehicle_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_trips_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trips")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_trips_network_id_id")),
        sa.UniqueConstraint("network_id", "number", name=op.f("uq_trips_network_id_number")),
    )
    op.create_index(op.f("ix_trips_network_id_happened_on"), "trips", ["network_id", "happened_on"], unique=False)

    op.create_table(
        "agreements",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("signed_on", Day(), nullable=True),
        sa.Column("valid_from", Day(), nullable=False),
        sa.Column("valid_until", Day(), nullable=True),
        sa.Column("stay_days", sa.Integer(), nullable=True),
        sa.Column("allowance_permille", sa.Integer(), nullable=True),
        sa.Column("archive_number", sa.String(length=60), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("allowance_permille BETWEEN 0 AND 1000", name=op.f("ck_agreements_allowance")),
        sa.CheckConstraint("length(number) > 0", name=op.f("ck_agreements_number")),
        sa.CheckConstraint("stay_days > 0", name=op.f("ck_agreements_stay_days")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_agreements_dates")),
        sa.ForeignKeyConstraint(
            ["network_id", "created_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_agreements_network_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_agreements_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_agreements_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreements")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_agreements_network_id_id")),
        sa.UniqueConstraint("network_id", "number", name=op.f("uq_agreements_network_id_number")),
    )
    op.create_index(
        op.f("ix_agreements_network_id_point_id_valid_from"),
        "agreements",
        ["network_id", "point_id", "valid_from"],
        unique=False,
    )

    op.create_table(
        "batch_goods",
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("added_at", Moment(), nullable=False),
        sa.Column("added_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "kind IN ('equipment', 'stationery', 'clothes', 'toys', 'audiovisual', 'other')",
            name=op.f("ck_batch_goods_kind"),
        ),
        sa.CheckConstraint("length(name) > 0 AND length(unit) > 0", name=op.f("ck_batch_goods_named")),
        sa.CheckConstraint("number > 0", name=op.f("ck_batch_goods_number")),
        sa.ForeignKeyConstraint(
            ["network_id", "added_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_batch_goods_network_id_added_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_batch_goods_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_batch_goods_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch_goods")),
    )
    op.create_index(op.f("ix_batch_goods_network_id_batch_id"), "batch_goods", ["network_id", "batch_id"], unique=False)

    op.create_table(
        "file_lists",
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("batch_id", Key, nullable=True),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("columns", Document, nullable=True),
        sa.Column("options", Document, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("summary", Document, nullable=True),
        sa.Column("problems", Document, nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("created_by", Key, nullable=True),
        sa.Column("applied_at", Moment(), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name=op.f("ck_file_lists_applied")),
        sa.CheckConstraint("purpose <> 'pick' OR batch_id IS NOT NULL", name=op.f("ck_file_lists_pick")),
        sa.CheckConstraint("purpose IN ('pick', 'accession', 'opening')", name=op.f("ck_file_lists_purpose")),
        sa.CheckConstraint(
            "state IN ('uploaded', 'checked', 'applied', 'dropped', 'unreadable')", name=op.f("ck_file_lists_state")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_file_lists_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "created_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_file_lists_network_id_created_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_file_lists_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_lists")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_file_lists_network_id_id")),
    )
    op.create_index(op.f("ix_file_lists_network_id_batch_id"), "file_lists", ["network_id", "batch_id"], unique=False)

    op.create_table(
        "trip_batches",
        sa.Column("trip_id", Key, nullable=False),
        sa.Column("batch_id", Key, nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id", "batch_id"],
            ["batches.network_id", "batches.id"],
            name=op.f("fk_trip_batches_network_id_batch_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "trip_id"], ["trips.network_id", "trips.id"], name=op.f("fk_trip_batches_network_id_trip_id")
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_trip_batches_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_batches")),
        sa.UniqueConstraint(
            "network_id", "trip_id", "batch_id", name=op.f("uq_trip_batches_network_id_trip_id_batch_id")
        ),
    )
    op.create_index(
        op.f("ix_trip_batches_network_id_batch_id"), "trip_batches", ["network_id", "batch_id"], unique=False
    )

    op.create_table(
        "trip_stops",
        sa.Column("trip_id", Key, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("point_id", Key, nullable=False),
        sa.Column("note", sa.String(length=100), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("position > 0", name=op.f("ck_trip_stops_position")),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_trip_stops_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "trip_id"], ["trips.network_id", "trips.id"], name=op.f("fk_trip_stops_network_id_trip_id")
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_trip_stops_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_stops")),
        sa.UniqueConstraint(
            "network_id", "trip_id", "point_id", name=op.f("uq_trip_stops_network_id_trip_id_point_id")
        ),
        sa.UniqueConstraint(
            "network_id", "trip_id", "position", name=op.f("uq_trip_stops_network_id_trip_id_position")
        ),
    )
    op.create_index(op.f("ix_lots_network_id_isbn"), "lots", ["network_id", "isbn"], unique=False)
    for table, column, checks in COLUMNS:
        add_column(op.get_bind(), table, column, checks)
    change_check(op.get_bind(), "batch_events", "step", STEPS, STEPS.replace("'resolved'", "'recalled', 'resolved'"))


def downgrade() -> None:
    change_check(op.get_bind(), "batch_events", "step", STEPS.replace("'resolved'", "'recalled', 'resolved'"), STEPS)
    for table, column, _checks in reversed(COLUMNS):
        drop_column(op.get_bind(), table, column)
    op.drop_index(op.f("ix_lots_network_id_isbn"), "lots")
    for table in reversed(TABLES):
        op.drop_table(table)
