"""A move may be taken back; a position knows its community; what is published may be of one county or town."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Key
from branchnet.models.changes import add_column, change_check, drop_column, write_anew

revision = "0013"
down_revision = "0012"

STEPS = (
    "step IN ('opened', 'renamed', 'name_corrected', 'kind_changed', 'moved', 'paused', 'resumed', 'closed', 'reopened',"
    " 'merged', 'enrolment_changed', 'openness_changed')"
)
MORE_STEPS = STEPS.replace("'openness_changed'", "'openness_changed', 'move_taken_back'")
COLUMNS: "tuple[tuple[str, sa.Column[object], dict[str, str]], ...]" = (
    ("coverage_statements", sa.Column("area_by", sa.String(length=10), nullable=True), {}),
    (
        "coverage_statements",
        sa.Column("area", sa.String(length=100), nullable=True),
        {"area": "(area_by IS NULL) = (area IS NULL)"},
    ),
    ("coverage_statements", sa.Column("nowhere", sa.Integer(), nullable=True), {}),
    ("coverage_statements", sa.Column("deliveries", sa.Integer(), nullable=True), {}),
)
REFERENCE = (
    "CONSTRAINT fk_point_positions_network_id_community_id FOREIGN KEY(network_id, community_id)"
    " REFERENCES communities (network_id, id)"
)
PLACED_IN = """
UPDATE point_positions SET community_id = (
  SELECT min(c.id) FROM communities c WHERE c.network_id = point_positions.network_id
    AND c.lat = point_positions.lat AND c.lon = point_positions.lon
) WHERE source = 'register' AND 1 = (
  SELECT count(*) FROM communities c WHERE c.network_id = point_positions.network_id
    AND c.lat = point_positions.lat AND c.lon = point_positions.lon
)"""
"""Who chose a community took its very degrees over. Where two communities have the same ones, nobody can say."""


def upgrade() -> None:
    change_check(op.get_bind(), "point_events", "step", STEPS, MORE_STEPS)
    _let_positions_know_their_community()
    op.execute(PLACED_IN)
    for table, column, checks in COLUMNS:
        add_column(op.get_bind(), table, column, checks)


def downgrade() -> None:
    for table, column, _checks in reversed(COLUMNS):
        drop_column(op.get_bind(), table, column)
    if op.get_bind().dialect.name == "sqlite":
        write_anew(op.get_bind(), "point_positions", [(after, before) for before, after in _edits()])
    else:
        op.drop_column("point_positions", "community_id")
    change_check(op.get_bind(), "point_events", "step", MORE_STEPS, STEPS)


def _let_positions_know_their_community() -> None:
    if op.get_bind().dialect.name == "sqlite":
        write_anew(op.get_bind(), "point_positions", _edits())
        return
    op.add_column("point_positions", sa.Column("community_id", Key, nullable=True))
    op.create_foreign_key(
        op.f("fk_point_positions_network_id_community_id"),
        "point_positions",
        "communities",
        ["network_id", "community_id"],
        ["network_id", "id"],
    )


def _edits() -> list[tuple[str, str]]:
    """What changes in the text of SQLite's table."""
    mark = "CONSTRAINT ck_point_positions_quality CHECK"
    return [
        ("area_code VARCHAR(12)", "area_code VARCHAR(12), community_id INTEGER"),
        (mark, f"{REFERENCE}, {mark}"),
    ]
