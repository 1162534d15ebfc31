"""What teachers ask for: their link again, a successor, a correction to their point; each decided by staff."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, one_of, own_key, refers

PROPOSALS = ("moved", "renamed", "contact", "paused", "other")

_WAITING = text("handled_at IS NULL")
_UNDECIDED = text("decided_at IS NULL")
_ONE_DECISION = "(decided_at IS NULL) = (accepted IS NULL)"


class LinkRequest(Owned, Base):
    """A phone that has lost its link asks for it; the code is read out by phone. Grants nothing by itself."""

    __tablename__ = "link_requests"

    code: Mapped[str] = mapped_column(String(6))
    said: Mapped[str] = mapped_column(String(60))
    """At which school or point, in their own words."""
    made_at: Mapped[datetime] = mapped_column(Moment)
    handled_at: Mapped[datetime | None] = mapped_column(Moment)
    handled_by: Mapped[int | None] = mapped_column(Key)
    person_id: Mapped[int | None] = mapped_column(Key)
    """The teacher who got their link again; empty where it came to nothing."""

    __table_args__ = (
        own_key(),
        refers("handled_by", "people"),
        refers("person_id", "people"),
        CheckConstraint("length(said) > 0", name="said"),
        Index(
            "uq_link_requests_code",
            "network_id",
            "code",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )


class Succession(Owned, Base):
    """A teacher hands their points over to a colleague. On acceptance the old link ends."""

    __tablename__ = "successions"

    person_id: Mapped[int] = mapped_column(Key)
    successor_name: Mapped[str | None] = mapped_column(String(40))
    """Empty again once it is decided: the successor is a person of their own, or nobody."""
    successor_phone: Mapped[str | None] = mapped_column(String(20))
    said_at: Mapped[datetime] = mapped_column(Moment)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(Key)
    accepted: Mapped[bool | None]
    successor_id: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        own_key(),
        refers("person_id", "people"),
        refers("decided_by", "people"),
        refers("successor_id", "people"),
        CheckConstraint(_ONE_DECISION, name="decided"),
        CheckConstraint("(decided_at IS NULL) = (successor_name IS NOT NULL)", name="named"),
        CheckConstraint("decided_at IS NULL OR successor_phone IS NULL", name="forgotten"),
        Index(
            "uq_successions_one_open",
            "network_id",
            "person_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
    )


class PointProposal(Owned, Base):
    """What a teacher says of the point itself: moved, renamed, another head teacher, closed for building works."""

    __tablename__ = "point_proposals"

    point_id: Mapped[int] = mapped_column(Key)
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(String(200))
    from_on: Mapped[date | None] = mapped_column(Day)
    until_on: Mapped[date | None] = mapped_column(Day)
    said_at: Mapped[datetime] = mapped_column(Moment)
    said_by: Mapped[int | None] = mapped_column(Key)
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[int | None] = mapped_column(Key)
    accepted: Mapped[bool | None]
    reply: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        own_key(),
        refers("point_id", "service_points"),
        refers("said_by", "people"),
        refers("decided_by", "people"),
        CheckConstraint(one_of("kind", PROPOSALS), name="kind"),
        CheckConstraint("length(words) > 0", name="words"),
        CheckConstraint("until_on >= from_on", name="dates"),
        CheckConstraint(_ONE_DECISION, name="decided"),
        Index(None, "network_id", "point_id"),
    )
