"""One window with all that was ever sent for it and said of it: nothing is dropped, whatever became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import ConflictSeen, Operation, OperationConflict, Person, Reading, ReadingReview, ReadingRevision
from branchnet.readings.looking import REPORTS
from branchnet.readings.queries import DECIDED


@dataclass(frozen=True, slots=True)
class Sending:
    """A revision as it was kept; ``holds``: its numbers are the ones that count."""

    row: ReadingRevision
    person: str | None
    holds: bool
    waits: bool
    """It is held, and nobody has decided about it."""
    ended: str | None
    """How it ended where it was held: applied, set_aside, or neither."""


@dataclass(frozen=True, slots=True)
class Said:
    """A word of the conversation, with the number of the revision it is about."""

    kind: str
    words: str | None
    at: datetime
    person: str | None
    revision_id: int
    number: int


@dataclass(frozen=True, slots=True)
class Story:
    """Of a window: its row's id, every revision (the newest first), the conversation (the oldest first)."""

    reading_id: int | None = None
    sendings: list[Sending] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    @property
    def holds(self) -> ReadingRevision | None:
        """The revision that holds."""
        return next((one.row for one in self.sendings if one.holds), None)

    @property
    def latest_said(self) -> Said | None:
        """The last word about the revision that holds."""
        holds = self.holds
        return next((one for one in reversed(self.said) if holds is not None and one.revision_id == holds.id), None)

    def since(self, number: int | None) -> list[Sending]:
        """What came after a revision that somebody saw; all, where they saw none."""
        return [one for one in self.sendings if one.row.number > (number or 0)]


def story(network_id: int, point_id: int, *, month: str | None = None, batch_id: int | None = None) -> Story:
    """All of a month, or of a delivery's stay. Three statements."""
    which = Reading.batch_id == batch_id if batch_id is not None else Reading.month == month
    kind = "stay" if batch_id is not None else "month"
    reading = db.session.scalars(
        select(Reading).where(
            Reading.network_id == network_id, Reading.point_id == point_id, Reading.window_kind == kind, which
        )
    ).one_or_none()
    if reading is None:
        return Story()
    said = _said(network_id, reading.id)
    decided = {one.revision_id: one.kind for one in said if one.kind in DECIDED}
    return Story(reading.id, _sendings(reading, decided), said)


def _sendings(reading: Reading, decided: Mapping[int, str]) -> list[Sending]:
    rows = db.session.execute(
        select(ReadingRevision, Person.display_name)
        .outerjoin(
            Person,
            and_(Person.network_id == ReadingRevision.network_id, Person.id == ReadingRevision.submitted_by),
        )
        .where(ReadingRevision.network_id == reading.network_id, ReadingRevision.reading_id == reading.id)
        .order_by(ReadingRevision.number.desc())
    )
    return [
        Sending(
            row,
            person,
            holds=row.id == reading.current_id,
            waits=row.outcome == "held" and row.id not in decided,
            ended=decided.get(row.id),
        )
        for row, person in rows
    ]


def _said(network_id: int, reading_id: int) -> list[Said]:
    rows = db.session.execute(
        select(
            ReadingReview.kind,
            ReadingReview.words,
            ReadingReview.said_at,
            Person.display_name,
            ReadingReview.revision_id,
            ReadingRevision.number,
        )
        .join(
            ReadingRevision,
            and_(ReadingRevision.network_id == network_id, ReadingRevision.id == ReadingReview.revision_id),
        )
        .outerjoin(Person, and_(Person.network_id == network_id, Person.id == ReadingReview.said_by))
        .where(ReadingReview.network_id == network_id, ReadingReview.reading_id == reading_id)
        .order_by(ReadingReview.id)
    )
    return [Said(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Doubled:
    """What came with the id of another sending: kept as it came, and applied nowhere."""

    id: int
    body: dict[str, Any]
    at: datetime
    person: str | None
    receipt: str | None
    """What the first one was given."""
    seen_at: datetime | None
    """When staff had done with it what was to be done, and who said so."""
    seen_by: str | None


def doubled(network_id: int, at_most: int, *, unseen: bool = False) -> list[Doubled]:
    """Sendings whose id had come before with other numbers, newest first; or only those that nobody saw yet."""
    looker = aliased(Person)
    query: Rows = (
        select(
            OperationConflict.id,
            OperationConflict.body,
            OperationConflict.recorded_at,
            Person.display_name,
            Operation.outcome,
            ConflictSeen.seen_at,
            looker.display_name,
        )
        .join(Operation, and_(Operation.network_id == network_id, Operation.id == OperationConflict.operation_id))
        .outerjoin(Person, and_(Person.network_id == network_id, Person.id == OperationConflict.person_id))
        .outerjoin(
            ConflictSeen,
            and_(
                ConflictSeen.network_id == network_id,
                ConflictSeen.operation_id == OperationConflict.operation_id,
                ConflictSeen.body_hash == OperationConflict.body_hash,
            ),
        )
        .outerjoin(looker, and_(looker.network_id == network_id, looker.id == ConflictSeen.seen_by))
        .where(OperationConflict.network_id == network_id, OperationConflict.verb == REPORTS)
        .order_by(OperationConflict.id.desc())
        .limit(at_most)
    )
    if unseen:
        query = query.where(ConflictSeen.id.is_(None))
    return [
        Doubled(number, body, at, person, str(outcome["receipt"]) if "receipt" in outcome else None, *seen)
        for number, body, at, person, outcome, *seen in db.session.execute(query)
    ]
