"""Operations, jobs and the audit trail."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Document, Key, Moment, Owned, one_of, own_key, refers

JOB_STATES = ("waiting", "running", "done", "failed")

_WAITING = text("state = 'waiting'")


class Operation(Owned, Base):
    """What a person or device sent once, under an id made where the button is; written with its effect.

    Ids are kept for ever: a phone may send a month late.
    """

    __tablename__ = "operations"

    key: Mapped[str] = mapped_column(String(64))
    verb: Mapped[str] = mapped_column(String(40))
    body_hash: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[dict[str, object]] = mapped_column(Document)
    person_id: Mapped[int | None] = mapped_column(Key)
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        own_key(),
        UniqueConstraint("network_id", "key"),
        refers("person_id", "people"),
        CheckConstraint("length(key) >= 8", name="key"),
    )


class OperationConflict(Owned, Base):
    """The same id came again with another body: kept and flagged, not applied."""

    __tablename__ = "operation_conflicts"

    operation_id: Mapped[int] = mapped_column(Key)
    verb: Mapped[str] = mapped_column(String(40))
    body_hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, object]] = mapped_column(Document)
    person_id: Mapped[int | None] = mapped_column(Key)
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        refers("operation_id", "operations"),
        refers("person_id", "people"),
        UniqueConstraint("network_id", "operation_id", "body_hash"),
    )


class ConflictSeen(Owned, Base):
    """Append-only: staff saw what had come under an id that was taken, and did with it what was to be done."""

    __tablename__ = "conflicts_seen"

    operation_id: Mapped[int] = mapped_column(Key)
    body_hash: Mapped[str] = mapped_column(String(64))
    seen_at: Mapped[datetime] = mapped_column(Moment)
    seen_by: Mapped[int | None] = mapped_column(Key)

    __table_args__ = (
        ForeignKeyConstraint(
            ["network_id", "operation_id", "body_hash"],
            ["operation_conflicts.network_id", "operation_conflicts.operation_id", "operation_conflicts.body_hash"],
        ),
        refers("seen_by", "people"),
        UniqueConstraint("network_id", "operation_id", "body_hash"),
    )


class Job(Owned, Base):
    """Work for the queue: a row first, written with its cause. The queue carries its id and nothing else."""

    __tablename__ = "jobs"

    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(60), default="")
    """What it is about: only one job of a kind and subject waits at a time."""
    payload: Mapped[dict[str, object]] = mapped_column(Document)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    done_units: Mapped[int] = mapped_column(default=0)
    all_units: Mapped[int | None]
    result: Mapped[dict[str, object] | None] = mapped_column(Document)
    error: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        CheckConstraint(one_of("state", JOB_STATES), name="state"),
        CheckConstraint("attempts >= 0 AND done_units >= 0", name="counts"),
        Index(
            "uq_jobs_one_waiting",
            "network_id",
            "kind",
            "subject",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
        Index(None, "state", "id"),
    )


class AuditRecord(Owned, Base):
    """Append-only: who did what to which row. Never a name or a phone, only ids and that they changed."""

    __tablename__ = "audit_records"

    person_id: Mapped[int | None] = mapped_column(Key)
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None] = mapped_column(Key)
    detail: Mapped[dict[str, object]] = mapped_column(Document)
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (
        own_key(),
        refers("person_id", "people"),
        Index(None, "network_id", "subject", "subject_id"),
    )


class AuditSeal(Owned, Base):
    """Append-only: a record's place in the network's hash chain. Each hash covers the record and the one before."""

    __tablename__ = "audit_seals"

    audit_id: Mapped[int] = mapped_column(Key)
    position: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        refers("audit_id", "audit_records"),
        UniqueConstraint("network_id", "audit_id"),
        UniqueConstraint("network_id", "position"),
        CheckConstraint("position > 0", name="position"),
    )
