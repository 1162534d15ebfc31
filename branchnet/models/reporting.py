"""Around a reading: what staff and teacher say about it, the lessons it is added up from, who was told to report."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Day, Key, Moment, Month, Owned, one_of, own_key, refers
from branchnet.models.reading import NUMBERS

REVIEWS = ("accepted", "sent_back", "answered", "applied", "set_aside")
CHASES = ("message", "phone", "group")


class ReadingReview(Owned, Base):
    """Append-only: what was said of a revision. Staff accept it or send it back with a question; a teacher answers.

    One that was held is ``applied`` as a revision of its own, or ``set_aside``.
    """

    __tablename__ = "reading_reviews"

    reading_id: Mapped[int] = mapped_column(Key)
    revision_id: Mapped[int] = mapped_column(Key)
    kind: Mapped[str] = mapped_column(String(20))
    words: Mapped[str | None] = mapped_column(String(200))
    said_at: Mapped[datetime] = mapped_column(Moment)
    said_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        refers("revision_id", "reading_revisions", also=["reading_id"]),
        refers("said_by", "people"),
        CheckConstraint(one_of("kind", REVIEWS), name="kind"),
        CheckConstraint("kind NOT IN ('sent_back', 'answered') OR coalesce(length(words), 0) > 0", name="words"),
        Index(None, "network_id", "reading_id"),
    )


class Tally(Owned, Base):
    """Append-only: one lesson or one day at a point, noted when it was over. A month's form adds them up."""

    __tablename__ = "tallies"

    point_id: Mapped[int] = mapped_column(Key)
    happened_on: Mapped[date] = mapped_column(Day)
    in_school_visits: Mapped[int | None]
    in_school_loans: Mapped[int | None]
    community_visits: Mapped[int | None]
    community_loans: Mapped[int | None]
    said_at: Mapped[datetime] = mapped_column(Moment)
    said_by: Mapped[int | None] = mapped_column(Key)
    takes_back_id: Mapped[int | None] = mapped_column(Key)
    """The lesson that was noted by mistake: neither counts any more."""

    __table_args__ = (
        own_key(),
        refers("point_id", "service_points"),
        refers("said_by", "people"),
        refers("takes_back_id", "tallies"),
        UniqueConstraint("network_id", "takes_back_id"),
        *(CheckConstraint(f"{name} >= 0", name=name) for name in NUMBERS),
        CheckConstraint(f"(coalesce({', '.join(NUMBERS)}) IS NULL) = (takes_back_id IS NOT NULL)", name="something"),
        Index(None, "network_id", "point_id", "happened_on"),
    )


class Chase(Owned, Base):
    """Append-only: a teacher, or the whole group, was told what is still to be reported (催报)."""

    __tablename__ = "chases"

    month: Mapped[str] = mapped_column(Month)
    person_id: Mapped[int | None] = mapped_column(Key)
    kind: Mapped[str] = mapped_column(String(20))
    sent_at: Mapped[datetime] = mapped_column(Moment)
    sent_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        refers("person_id", "people"),
        refers("sent_by", "people"),
        CheckConstraint(one_of("kind", CHASES), name="kind"),
        CheckConstraint("(kind = 'group') = (person_id IS NULL)", name="whom"),
        Index(None, "network_id", "month", "person_id"),
    )


class Reminder(Owned, Base):
    """On this day a teacher is to be reminded of a month; made once, however often the job runs."""

    __tablename__ = "reminders"

    person_id: Mapped[int] = mapped_column(Key)
    month: Mapped[str] = mapped_column(Month)
    due_on: Mapped[date] = mapped_column(Day)
    made_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        refers("person_id", "people"),
        UniqueConstraint("network_id", "person_id", "month", "due_on"),
    )
