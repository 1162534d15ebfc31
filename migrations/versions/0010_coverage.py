"""Coverage: ways and thresholds of a network, cells of positions, more facts of a month, answers and statements."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Day, Document, Key, Moment
from branchnet.models.changes import add_column, drop_column
from branchnet.models.place import cell_at

revision = "0010"
down_revision = "0009"

TABLES = ("geocoder_answers", "coverage_statements")
PLACED = ("point_positions", "communities")
AT_A_TIME = 5000


def _km(name: str, default: str) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), server_default=default, nullable=False)


COLUMNS: "tuple[tuple[str, sa.Column[object], dict[str, str]], ...]" = (
    ("networks", _km("cycling_km", "5"), {"cycling_km": "cycling_km > 0"}),
    ("networks", _km("vehicle_km", "15"), {"vehicle_km": "vehicle_km > 0"}),
    ("networks", _km("detour_percent", "100"), {"detour_percent": "detour_percent BETWEEN 100 AND 300"}),
    *((table, sa.Column("cell", sa.BigInteger(), nullable=True), {}) for table in PLACED),
    ("point_months", sa.Column("kind", sa.String(length=20), nullable=True), {}),
    ("point_months", sa.Column("host", sa.String(length=20), nullable=True), {}),
    ("point_months", sa.Column("area_code", sa.String(length=12), nullable=True), {}),
    ("point_months", sa.Column("pupils", sa.Integer(), nullable=True), {}),
    ("point_months", sa.Column("last_batch_on", Day(), nullable=True), {}),
    ("point_months", sa.Column("old_copies", sa.Integer(), nullable=True), {}),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "geocoder_answers",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("query", sa.String(length=200), nullable=False),
        sa.Column("found", Document, nullable=False),
        sa.Column("asked_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_geocoder_answers_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_geocoder_answers")),
        sa.UniqueConstraint(
            "network_id", "provider", "query", name=op.f("uq_geocoder_answers_network_id_provider_query")
        ),
    )
    op.create_table(
        "coverage_statements",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("definition", sa.String(length=20), nullable=False),
        sa.Column("of_what", sa.String(length=20), nullable=False),
        sa.Column("within_km", sa.Double(), nullable=True),
        sa.Column("detour_percent", sa.Integer(), nullable=True),
        sa.Column("covered", sa.Integer(), nullable=False),
        sa.Column("known", sa.Integer(), nullable=False),
        sa.Column("without_position", sa.Integer(), nullable=False),
        sa.Column("others", Document, nullable=False),
        sa.Column("words", sa.String(length=200), nullable=True),
        sa.Column("published_at", Moment(), nullable=False),
        sa.Column("published_by", Key, nullable=True),
        sa.Column("withdrawn_at", Moment(), nullable=True),
        sa.Column("withdrawn_by", Key, nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "definition IN ('administrative', 'reach', 'in_operation')", name=op.f("ck_coverage_statements_definition")
        ),
        sa.CheckConstraint(
            "covered >= 0 AND without_position >= 0 AND covered + without_position <= known",
            name=op.f("ck_coverage_statements_counts"),
        ),
        sa.CheckConstraint(
            "(definition = 'reach') = (within_km IS NOT NULL)", name=op.f("ck_coverage_statements_within_km")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "published_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_coverage_statements_network_id_published_by"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "withdrawn_by"],
            ["people.network_id", "people.id"],
            name=op.f("fk_coverage_statements_network_id_withdrawn_by"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_coverage_statements_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_statements")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_coverage_statements_network_id_id")),
    )
    op.create_index(
        op.f("ix_coverage_statements_network_id_month"), "coverage_statements", ["network_id", "month"], unique=False
    )
    for table, column, checks in COLUMNS:
        add_column(op.get_bind(), table, column, checks)
    for name in PLACED:
        _lay_in_cells(name)
        op.create_index(op.f(f"ix_{name}_network_id_lat_lon"), name, ["network_id", "lat", "lon"], unique=False)


def _lay_in_cells(name: str) -> None:
    """Positions that were there before get their cell."""
    table = sa.table(name, *(sa.column(column) for column in ("id", "lat", "lon", "cell")))
    bind, last = op.get_bind(), 0
    placed = sa.select(table.c.id, table.c.lat, table.c.lon).where(table.c.lat.is_not(None)).order_by(table.c.id)
    write = (
        sa.update(table).where(table.c.id == sa.bindparam("row")).values(cell=sa.bindparam("at", type_=sa.BigInteger))
    )
    while rows := bind.execute(placed.where(table.c.id > last).limit(AT_A_TIME)).all():
        bind.execute(write, [{"row": row.id, "at": cell_at(row.lat, row.lon)} for row in rows])
        last = rows[-1].id


def downgrade() -> None:
    for name in PLACED:
        op.drop_index(op.f(f"ix_{name}_network_id_lat_lon"), table_name=name)
    for table, column, _checks in reversed(COLUMNS):
        drop_column(op.get_bind(), table, column)
    for table in reversed(TABLES):
        op.drop_table(table)
