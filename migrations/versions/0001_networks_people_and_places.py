"""Networks people and places."""

import sqlalchemy as sa
from alembic import op

from branchnet.database import Day, Key, Moment, Month

revision = "0001"
down_revision = None

TABLES = (
    "networks",
    "network_parents",
    "people",
    "accounts",
    "role_grants",
    "sign_ins",
    "places",
    "service_points",
    "teacher_links",
    "answers_for",
    "devices",
    "point_names",
    "point_kinds",
    "point_positions",
    "point_openness",
    "point_enrolments",
    "communities",
    "calendar_periods",
)


def upgrade() -> None:
    op.create_table(
        "networks",
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("locked_through", Month, nullable=True),
        sa.Column("stay_days", sa.Integer(), nullable=False),
        sa.Column("count_due_days", sa.Integer(), nullable=False),
        sa.Column("min_open_days", sa.Integer(), nullable=False),
        sa.Column("reach_km", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.CheckConstraint("locked_through IS NULL OR length(locked_through) = 7", name=op.f("ck_networks_month")),
        sa.CheckConstraint("reach_km > 0", name=op.f("ck_networks_reach")),
        sa.CheckConstraint("slug = lower(slug) AND length(slug) > 0", name=op.f("ck_networks_slug")),
        sa.CheckConstraint("stay_days > 0 AND count_due_days > 0 AND min_open_days > 0", name=op.f("ck_networks_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_networks")),
        sa.UniqueConstraint("slug", name=op.f("uq_networks_slug")),
    )
    op.create_table(
        "network_parents",
        sa.Column("parent_id", Key, nullable=True),
        sa.Column("valid_from", Day(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> network_id", name=op.f("ck_network_parents_not_itself")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_network_parents_network_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["networks.id"], name=op.f("fk_network_parents_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_network_parents")),
        sa.UniqueConstraint("network_id", "valid_from", name=op.f("uq_network_parents_network_id_valid_from")),
    )
    op.create_table(
        "people",
        sa.Column("display_name", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("left_on", Day(), nullable=True),
        sa.Column("purged_at", Moment(), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "purged_at IS NULL OR (display_name IS NULL AND phone IS NULL)", name=op.f("ck_people_purged")
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_people_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_people_network_id_id")),
    )
    op.create_table(
        "accounts",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_accounts_network_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_accounts_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_login")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_accounts_network_id_id")),
        sa.UniqueConstraint("network_id", "person_id", name=op.f("uq_accounts_network_id_person_id")),
    )
    op.create_table(
        "role_grants",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("role IN ('clerk', 'manager', 'admin')", name=op.f("ck_role_grants_role")),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_role_grants_network_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_role_grants_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
        sa.UniqueConstraint("network_id", "person_id", "role", name=op.f("uq_role_grants_network_id_person_id_role")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("account_id", Key, nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=80), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id", "account_id"],
            ["accounts.network_id", "accounts.id"],
            name=op.f("fk_sign_ins_network_id_account_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_sign_ins_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ins")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_sign_ins_secret_hash")),
    )
    op.create_index(op.f("ix_sign_ins_network_id_account_id"), "sign_ins", ["network_id", "account_id"], unique=False)
    op.create_table(
        "places",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("keeps", sa.Boolean(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("keeps = (kind <> 'supply')", name=op.f("ck_places_keeps")),
        sa.CheckConstraint(
            "kind IN ('point', 'shelf', 'workroom', 'supply', 'transit', 'to_be_disposed', 'lost', 'withdrawn')",
            name=op.f("ck_places_kind"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_places_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
        sa.UniqueConstraint("network_id", "id", "keeps", name=op.f("uq_places_network_id_id_keeps")),
        sa.UniqueConstraint("network_id", "id", "kind", name=op.f("uq_places_network_id_id_kind")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_places_network_id_id")),
    )
    op.create_index(
        "uq_places_one_of_a_kind",
        "places",
        ["network_id", "kind"],
        unique=True,
        sqlite_where=sa.text("kind NOT IN ('point', 'transit')"),
        postgresql_where=sa.text("kind NOT IN ('point', 'transit')"),
    )
    op.create_table(
        "service_points",
        sa.Column("place_id", Key, nullable=False),
        sa.Column("place_kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("opened_on", Day(), nullable=True),
        sa.Column("unveiled_on", Day(), nullable=True),
        sa.Column("closed_on", Day(), nullable=True),
        sa.Column("successor_id", Key, nullable=True),
        sa.Column("source", sa.String(length=40), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("place_kind = 'point'", name=op.f("ck_service_points_place_kind")),
        sa.CheckConstraint(
            "closed_on IS NULL OR opened_on IS NULL OR closed_on >= opened_on", name=op.f("ck_service_points_dates")
        ),
        sa.CheckConstraint("successor_id IS NULL OR closed_on IS NOT NULL", name=op.f("ck_service_points_successor")),
        sa.ForeignKeyConstraint(
            ["network_id", "place_id", "place_kind"],
            ["places.network_id", "places.id", "places.kind"],
            name=op.f("fk_service_points_network_id_place_id_place_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "successor_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_service_points_network_id_successor_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_service_points_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_points")),
        sa.UniqueConstraint("network_id", "code", name=op.f("uq_service_points_network_id_code")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_service_points_network_id_id")),
        sa.UniqueConstraint("network_id", "place_id", name=op.f("uq_service_points_network_id_place_id")),
    )
    op.create_table(
        "teacher_links",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("generation > 0", name=op.f("ck_teacher_links_generation")),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_teacher_links_network_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_teacher_links_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teacher_links")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_teacher_links_network_id_id")),
        sa.UniqueConstraint("network_id", "person_id", name=op.f("uq_teacher_links_network_id_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_teacher_links_token_hash")),
    )
    op.create_table(
        "answers_for",
        sa.Column("person_id", Key, nullable=False),
        sa.Column("point_id", Key, nullable=False),
        sa.Column("valid_from", Day(), nullable=False),
        sa.Column("ended_on", Day(), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= valid_from", name=op.f("ck_answers_for_dates")),
        sa.ForeignKeyConstraint(
            ["network_id", "person_id"],
            ["people.network_id", "people.id"],
            name=op.f("fk_answers_for_network_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_answers_for_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_answers_for_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers_for")),
        sa.UniqueConstraint(
            "network_id",
            "person_id",
            "point_id",
            "valid_from",
            name=op.f("uq_answers_for_network_id_person_id_point_id_valid_from"),
        ),
    )
    op.create_index(op.f("ix_answers_for_network_id_point_id"), "answers_for", ["network_id", "point_id"], unique=False)
    op.create_table(
        "devices",
        sa.Column("link_id", Key, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("first_seen_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id", "link_id"],
            ["teacher_links.network_id", "teacher_links.id"],
            name=op.f("fk_devices_network_id_link_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_devices_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_devices_secret_hash")),
    )
    op.create_index(op.f("ix_devices_network_id_link_id"), "devices", ["network_id", "link_id"], unique=False)
    op.create_table(
        "point_names",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("valid_from", Day(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pinyin", sa.String(length=400), nullable=False),
        sa.Column("initials", sa.String(length=100), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_point_names_name")),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_point_names_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_point_names_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_names")),
        sa.UniqueConstraint(
            "network_id", "point_id", "valid_from", name=op.f("uq_point_names_network_id_point_id_valid_from")
        ),
    )
    op.create_table(
        "point_kinds",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("valid_from", Day(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("host", sa.String(length=20), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "host IN ('primary_school', 'middle_school', 'kindergarten', 'special_school', 'county_library', 'township_station', 'village', 'residential')",
            name=op.f("ck_point_kinds_host"),
        ),
        sa.CheckConstraint(
            "kind IN ('branch', 'mobile_point', 'delivery_school', 'mobile_stop', 'book_house')",
            name=op.f("ck_point_kinds_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_point_kinds_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_point_kinds_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_kinds")),
        sa.UniqueConstraint(
            "network_id", "point_id", "valid_from", name=op.f("uq_point_kinds_network_id_point_id_valid_from")
        ),
    )
    op.create_table(
        "point_positions",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("valid_from", Day(), nullable=False),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("quality", sa.String(length=20), nullable=True),
        sa.Column("area_code", sa.String(length=12), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("quality IN ('exact', 'approximate')", name=op.f("ck_point_positions_quality")),
        sa.CheckConstraint(
            "(lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (quality IS NULL)", name=op.f("ck_point_positions_whole")
        ),
        sa.CheckConstraint(
            "lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name=op.f("ck_point_positions_degrees")
        ),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_point_positions_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_point_positions_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_positions")),
        sa.UniqueConstraint(
            "network_id", "point_id", "valid_from", name=op.f("uq_point_positions_network_id_point_id_valid_from")
        ),
    )
    op.create_table(
        "point_openness",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("valid_from", Day(), nullable=False),
        sa.Column("open_to_community", sa.Boolean(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_point_openness_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_point_openness_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_openness")),
        sa.UniqueConstraint(
            "network_id", "point_id", "valid_from", name=op.f("uq_point_openness_network_id_point_id_valid_from")
        ),
    )
    op.create_table(
        "point_enrolments",
        sa.Column("point_id", Key, nullable=False),
        sa.Column("valid_from", Day(), nullable=False),
        sa.Column("pupils", sa.Integer(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("pupils >= 0", name=op.f("ck_point_enrolments_pupils")),
        sa.ForeignKeyConstraint(
            ["network_id", "point_id"],
            ["service_points.network_id", "service_points.id"],
            name=op.f("fk_point_enrolments_network_id_point_id"),
        ),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_point_enrolments_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_point_enrolments")),
        sa.UniqueConstraint(
            "network_id", "point_id", "valid_from", name=op.f("uq_point_enrolments_network_id_point_id_valid_from")
        ),
    )
    op.create_table(
        "communities",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=True),
        sa.Column("parent_code", sa.String(length=12), nullable=True),
        sa.Column("county", sa.String(length=40), nullable=True),
        sa.Column("town", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("pinyin", sa.String(length=400), nullable=False),
        sa.Column("initials", sa.String(length=100), nullable=False),
        sa.Column("urban_rural", sa.String(length=3), nullable=True),
        sa.Column("children", sa.Integer(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("quality", sa.String(length=20), nullable=True),
        sa.Column("source", sa.String(length=60), nullable=True),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint(
            "kind IN ('county', 'town', 'village', 'residential', 'school')", name=op.f("ck_communities_kind")
        ),
        sa.CheckConstraint("quality IN ('exact', 'approximate')", name=op.f("ck_communities_quality")),
        sa.CheckConstraint(
            "(lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (quality IS NULL)", name=op.f("ck_communities_whole")
        ),
        sa.CheckConstraint("children >= 0", name=op.f("ck_communities_children")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name=op.f("ck_communities_degrees")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_communities_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communities")),
        sa.UniqueConstraint("network_id", "code", name=op.f("uq_communities_network_id_code")),
        sa.UniqueConstraint("network_id", "id", name=op.f("uq_communities_network_id_id")),
    )
    op.create_table(
        "calendar_periods",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("first_on", Day(), nullable=False),
        sa.Column("last_on", Day(), nullable=False),
        sa.Column("host", sa.String(length=20), nullable=True),
        sa.Column("id", Key, autoincrement=True, nullable=False),
        sa.Column("network_id", Key, nullable=False),
        sa.CheckConstraint("kind IN ('school_year', 'term', 'holiday')", name=op.f("ck_calendar_periods_kind")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_calendar_periods_dates")),
        sa.ForeignKeyConstraint(["network_id"], ["networks.id"], name=op.f("fk_calendar_periods_network_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_periods")),
    )
    op.create_index(
        op.f("ix_calendar_periods_network_id_first_on"), "calendar_periods", ["network_id", "first_on"], unique=False
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
