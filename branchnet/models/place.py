"""Places, service points with their dated facts, and communities."""

from datetime import date, datetime

import h3
from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, one_of, own_key, refers

PLACE_KINDS = ("point", "shelf", "workroom", "supply", "transit", "to_be_disposed", "lost", "withdrawn")
POINT_KINDS = ("branch", "mobile_point", "delivery_school", "mobile_stop", "book_house")
HOSTS = (
    "primary_school",
    "middle_school",
    "kindergarten",
    "special_school",
    "county_library",
    "township_station",
    "village",
    "residential",
)
COMMUNITY_KINDS = ("county", "town", "village", "residential", "school")
POINT_STEPS = (
    "opened",
    "renamed",
    "name_corrected",
    "kind_changed",
    "moved",
    "paused",
    "resumed",
    "closed",
    "reopened",
    "merged",
    "enrolment_changed",
    "openness_changed",
    "move_taken_back",
)
POSITION_QUALITIES = ("exact", "approximate")
CELL_RESOLUTION = 8
"""Cells of some 0.7 km²: what a map counts by is made of these."""

_ONE_EACH = text("kind NOT IN ('point', 'transit')")


def _position_checks() -> tuple[CheckConstraint, ...]:
    """A position is whole or absent: both degrees and their quality, inside the range of degrees."""
    return (
        CheckConstraint("(lat IS NULL) = (lon IS NULL) AND (lat IS NULL) = (quality IS NULL)", name="whole"),
        CheckConstraint("lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180", name="degrees"),
        CheckConstraint(one_of("quality", POSITION_QUALITIES), name="quality"),
    )


def cell_here(context: DefaultExecutionContext) -> int | None:
    """The cell of a new row's position. Who changes a position changes its cell."""
    row = context.get_current_parameters()  # type: ignore[no-untyped-call]
    return None if row.get("lat") is None else cell_at(row["lat"], row["lon"])


def cell_at(lat: float, lon: float) -> int:
    """The H3 cell in which a position lies, as a number."""
    return int(h3.str_to_int(h3.latlng_to_cell(lat, lon, CELL_RESOLUTION)))


class Place(Owned, Base):
    """Where copies can be. ``supply`` is the world outside and keeps no holding; ``transit`` is one per batch."""

    __tablename__ = "places"

    kind: Mapped[str] = mapped_column(String(20))
    keeps: Mapped[bool]
    """Whether holdings are kept here: everywhere but in supply."""
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "id", "kind"),
        UniqueConstraint("network_id", "id", "keeps"),
        CheckConstraint(one_of("kind", PLACE_KINDS), name="kind"),
        CheckConstraint("keeps = (kind <> 'supply')", name="keeps"),
        Index(
            "uq_places_one_of_a_kind",
            "network_id",
            "kind",
            unique=True,
            sqlite_where=_ONE_EACH,
            postgresql_where=_ONE_EACH,
        ),
    )


class ServicePoint(Owned, Base):
    """A service point (服务点). Its name, kind, position, openness and enrolment are dated facts of their own."""

    __tablename__ = "service_points"

    place_id: Mapped[int] = mapped_column(Key)
    place_kind: Mapped[str] = mapped_column(String(20), default="point")
    code: Mapped[str] = mapped_column(String(20))
    """The public code on posters: it names the point and grants nothing."""
    opened_on: Mapped[date | None] = mapped_column(Day)
    unveiled_on: Mapped[date | None] = mapped_column(Day)
    closed_on: Mapped[date | None] = mapped_column(Day)
    successor_id: Mapped[int | None] = mapped_column(Key)
    source: Mapped[str | None] = mapped_column(String(40))
    """Where the record comes from, where that is not the library's own work (the demo marks what it invents)."""
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "code"),
        UniqueConstraint("network_id", "place_id"),
        ForeignKeyConstraint(
            ["network_id", "place_id", "place_kind"], ["places.network_id", "places.id", "places.kind"]
        ),
        refers("successor_id", "service_points"),
        CheckConstraint("place_kind = 'point'", name="place_kind"),
        CheckConstraint("closed_on IS NULL OR opened_on IS NULL OR closed_on >= opened_on", name="dates"),
        CheckConstraint("successor_id IS NULL OR closed_on IS NOT NULL", name="successor"),
    )


class PointName(Owned, Base):
    """What a point is called from a day on, with its pinyin for sorting and its initials for finding."""

    __tablename__ = "point_names"

    point_id: Mapped[int] = mapped_column(Key)
    valid_from: Mapped[date] = mapped_column(Day)
    name: Mapped[str] = mapped_column(String(100))
    pinyin: Mapped[str] = mapped_column(String(400))
    initials: Mapped[str] = mapped_column(String(100))

    __table_args__ = (
        refers("point_id", "service_points"),
        UniqueConstraint("network_id", "point_id", "valid_from"),
        CheckConstraint("length(name) > 0", name="name"),
    )


class PointKind(Owned, Base):
    """What kind of point it is from a day on, and who hosts it."""

    __tablename__ = "point_kinds"

    point_id: Mapped[int] = mapped_column(Key)
    valid_from: Mapped[date] = mapped_column(Day)
    kind: Mapped[str] = mapped_column(String(20))
    host: Mapped[str | None] = mapped_column(String(20))

    __table_args__ = (
        refers("point_id", "service_points"),
        UniqueConstraint("network_id", "point_id", "valid_from"),
        CheckConstraint(one_of("kind", POINT_KINDS), name="kind"),
        CheckConstraint(one_of("host", HOSTS), name="host"),
    )


class PointPosition(Owned, Base):
    """Where a point stands from a day on: WGS-84 degrees, or unknown; and the town or village it stands in."""

    __tablename__ = "point_positions"

    point_id: Mapped[int] = mapped_column(Key)
    valid_from: Mapped[date] = mapped_column(Day)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    quality: Mapped[str | None] = mapped_column(String(20))
    cell: Mapped[int | None] = mapped_column(BigInteger, default=cell_here)
    """The H3 cell of the position, as a number (see points.cells); empty where there is none."""
    area_code: Mapped[str | None] = mapped_column(String(12))
    community_id: Mapped[int | None] = mapped_column(Key)
    """The community of the register that was chosen for it: its area follows that community's."""
    source: Mapped[str | None] = mapped_column(String(60))

    __table_args__ = (
        refers("point_id", "service_points"),
        refers("community_id", "communities"),
        UniqueConstraint("network_id", "point_id", "valid_from"),
        *_position_checks(),
        # A map asks for what lies in a box.
        Index(None, "network_id", "lat", "lon"),
    )


class PointOpenness(Owned, Base):
    """Whether a point is open to its neighbours (校外) from a day on."""

    __tablename__ = "point_openness"

    point_id: Mapped[int] = mapped_column(Key)
    valid_from: Mapped[date] = mapped_column(Day)
    open_to_community: Mapped[bool]

    __table_args__ = (
        refers("point_id", "service_points"),
        UniqueConstraint("network_id", "point_id", "valid_from"),
    )


class PointEnrolment(Owned, Base):
    """How many pupils (名) the host has from a day on."""

    __tablename__ = "point_enrolments"

    point_id: Mapped[int] = mapped_column(Key)
    valid_from: Mapped[date] = mapped_column(Day)
    pupils: Mapped[int]

    __table_args__ = (
        refers("point_id", "service_points"),
        UniqueConstraint("network_id", "point_id", "valid_from"),
        CheckConstraint("pupils >= 0", name="pupils"),
    )


class PointPause(Owned, Base):
    """A point was closed for a while (临时闭馆): from a day on, until the first day it is open again."""

    __tablename__ = "point_pauses"

    point_id: Mapped[int] = mapped_column(Key)
    begins_on: Mapped[date] = mapped_column(Day)
    ends_on: Mapped[date | None] = mapped_column(Day)
    """The first day it is open again; empty while nobody knows."""
    reason: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        own_key(),
        refers("point_id", "service_points"),
        UniqueConstraint("network_id", "point_id", "begins_on"),
        CheckConstraint("ends_on > begins_on", name="dates"),
    )


class PointEvent(Owned, Base):
    """Append-only: a step in the life of a point, the day it happened, when and by whom it was recorded."""

    __tablename__ = "point_events"

    point_id: Mapped[int] = mapped_column(Key)
    step: Mapped[str] = mapped_column(String(20))
    happened_on: Mapped[date] = mapped_column(Day)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[int | None] = mapped_column(Key)
    note: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        refers("point_id", "service_points"),
        refers("recorded_by", "people"),
        CheckConstraint(one_of("step", POINT_STEPS), name="step"),
        Index(None, "network_id", "point_id", "id"),
    )


class Community(Owned, Base):
    """A place where children live or learn (需求点): town, village, residential area or school."""

    __tablename__ = "communities"

    kind: Mapped[str] = mapped_column(String(20))
    code: Mapped[str | None] = mapped_column(String(12))
    """The 12-digit statistical code, where there is one: names alone are not unique."""
    parent_code: Mapped[str | None] = mapped_column(String(12))
    county: Mapped[str | None] = mapped_column(String(40))
    town: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(100))
    pinyin: Mapped[str] = mapped_column(String(400))
    initials: Mapped[str] = mapped_column(String(100))
    urban_rural: Mapped[str | None] = mapped_column(String(3))
    children: Mapped[int | None]
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    quality: Mapped[str | None] = mapped_column(String(20))
    cell: Mapped[int | None] = mapped_column(BigInteger, default=cell_here)
    """The H3 cell of the position, as a number (see points.cells); empty where there is none."""
    source: Mapped[str | None] = mapped_column(String(60))
    set_aside_at: Mapped[datetime | None] = mapped_column(Moment)
    """Since when it counts in no month, past or to come: entered twice, or never there. It may be taken back in."""
    set_aside_why: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "code"),
        CheckConstraint(one_of("kind", COMMUNITY_KINDS), name="kind"),
        CheckConstraint("children >= 0", name="children"),
        CheckConstraint("(set_aside_at IS NULL) = (set_aside_why IS NULL)", name="set_aside"),
        *_position_checks(),
        Index(None, "network_id", "lat", "lon"),
    )
