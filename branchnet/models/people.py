"""People, what they may do, their sessions; teachers' links and the devices that opened them."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Owned, one_of, own_key, refers

ROLES = ("clerk", "manager", "admin")


class Person(Owned, Base):
    """Staff or a teacher: a display name and an optional phone, purged after they leave. Never a child."""

    __tablename__ = "people"

    display_name: Mapped[str | None] = mapped_column(String(40))
    phone: Mapped[str | None] = mapped_column(String(20))
    left_on: Mapped[date | None] = mapped_column(Day)
    purged_at: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        own_key(),
        CheckConstraint("purged_at IS NULL OR (display_name IS NULL AND phone IS NULL)", name="purged"),
    )


class Account(Owned, Base):
    """What a member of staff signs in with. Logins are one name space over all networks."""

    __tablename__ = "accounts"

    person_id: Mapped[int] = mapped_column(Key)
    login: Mapped[str] = mapped_column(String(60), unique=True)
    password_hash: Mapped[str] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (own_key(), refers("person_id", "people"), UniqueConstraint("network_id", "person_id"))


class RoleGrant(Owned, Base):
    """A person may act in a role in their network."""

    __tablename__ = "role_grants"

    person_id: Mapped[int] = mapped_column(Key)
    role: Mapped[str] = mapped_column(String(20))

    __table_args__ = (
        refers("person_id", "people"),
        UniqueConstraint("network_id", "person_id", "role"),
        CheckConstraint(one_of("role", ROLES), name="role"),
    )


class SignIn(Owned, Base):
    """A session of an account: a row that can be ended. The cookie's secret is kept as its hash."""

    __tablename__ = "sign_ins"

    account_id: Mapped[int] = mapped_column(Key)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (refers("account_id", "accounts"), Index(None, "network_id", "account_id"))


class TeacherLink(Owned, Base):
    """One personal link for all points a teacher answers for. The table holds only a hash and a generation."""

    __tablename__ = "teacher_links"

    person_id: Mapped[int] = mapped_column(Key)
    generation: Mapped[int] = mapped_column(default=1)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    """Of the six digits that a new phone is asked for, where the network asks (``Network.asks_pin``)."""
    pin_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    """Wrong PINs since the last right one; too many, and only staff open the link again."""

    __table_args__ = (
        own_key(),
        refers("person_id", "people"),
        UniqueConstraint("network_id", "person_id"),
        CheckConstraint("generation > 0", name="generation"),
        CheckConstraint("pin_failures >= 0", name="pin_failures"),
    )


class AnswersFor(Owned, Base):
    """From a day on (and until another), a teacher answers for a service point."""

    __tablename__ = "answers_for"

    person_id: Mapped[int] = mapped_column(Key)
    point_id: Mapped[int] = mapped_column(Key)
    valid_from: Mapped[date] = mapped_column(Day)
    ended_on: Mapped[date | None] = mapped_column(Day)

    __table_args__ = (
        refers("person_id", "people"),
        refers("point_id", "service_points"),
        UniqueConstraint("network_id", "person_id", "point_id", "valid_from"),
        Index(None, "network_id", "point_id"),
        CheckConstraint("ended_on IS NULL OR ended_on >= valid_from", name="dates"),
    )


class Device(Owned, Base):
    """A phone on which a link was opened: its cookie's hash, and what it calls itself."""

    __tablename__ = "devices"

    link_id: Mapped[int] = mapped_column(Key)
    generation: Mapped[int]
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(80))
    first_seen_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (refers("link_id", "teacher_links"), Index(None, "network_id", "link_id"))
