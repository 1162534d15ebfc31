"""What staff are to look at: readings that surprise, that wait for them, that were asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select

from branchnet.database import Rows
from branchnet.extensions import db
from branchnet.models import Batch, Reading, ReadingReview, ReadingRevision
from branchnet.readings.queries import DECIDED
from branchnet.readings.rules import REPORTED

STATES = ("warned", "held", "answered", "question")
"""The order in which they are looked at: what was asked waits for the teacher, and stands last."""
REPORTS = "report"
"""The verb of the operations that send a reading."""


@dataclass(frozen=True, slots=True)
class ToLook:
    """A revision to look at: why (a word of `STATES`), of which window, and what was said or warned of it."""

    state: str
    point_id: int
    window_kind: str
    month: str | None
    batch_number: str | None
    first_on: date
    last_on: date
    revision_id: int
    receipt: str
    submitted_at: datetime
    warnings: list[str]
    held_reason: str | None
    words: str | None
    numbers: dict[str, int | None]
    """What was reported, by field."""

    @property
    def window(self) -> tuple[int, str | None, str | None]:
        """Its point, its month, and of a stay its delivery."""
        return self.point_id, self.month, self.batch_number


def to_look(network_id: int, point_ids: Sequence[int] | None = None) -> list[ToLook]:
    """All that staff are to look at, of these points or of the whole network. Two statements."""
    found = [*_spoken_of(network_id, point_ids), *_held(network_id, point_ids)]
    return sorted(found, key=lambda one: (STATES.index(one.state), one.submitted_at, one.revision_id))


def _revisions(network_id: int, point_ids: Sequence[int] | None) -> Rows:
    latest = (
        select(ReadingReview.revision_id, func.max(ReadingReview.id).label("id"))
        .where(ReadingReview.network_id == network_id)
        .group_by(ReadingReview.revision_id)
        .subquery()
    )
    query = (
        select(
            Reading.point_id,
            Reading.window_kind,
            Reading.month,
            Batch.number.label("batch_number"),
            Reading.first_on,
            Reading.last_on,
            ReadingRevision.id.label("revision_id"),
            ReadingRevision.receipt,
            ReadingRevision.submitted_at,
            ReadingRevision.warnings,
            ReadingRevision.held_reason,
            *(getattr(ReadingRevision, name) for name in REPORTED),
            ReadingReview.kind.label("said"),
            ReadingReview.words,
        )
        .select_from(Reading)
        .join(
            ReadingRevision,
            and_(ReadingRevision.network_id == Reading.network_id, ReadingRevision.reading_id == Reading.id),
        )
        .outerjoin(Batch, and_(Batch.network_id == Reading.network_id, Batch.id == Reading.batch_id))
        .outerjoin(latest, latest.c.revision_id == ReadingRevision.id)
        .outerjoin(ReadingReview, and_(ReadingReview.network_id == network_id, ReadingReview.id == latest.c.id))
        .where(Reading.network_id == network_id)
    )
    return query if point_ids is None else query.where(Reading.point_id.in_(point_ids))


def _spoken_of(network_id: int, point_ids: Sequence[int] | None) -> list[ToLook]:
    """What holds, and surprises or was asked about."""
    rows = db.session.execute(
        _revisions(network_id, point_ids).where(
            ReadingRevision.id == Reading.current_id,
            or_(
                ReadingReview.kind.in_(("sent_back", "answered")),
                and_(ReadingReview.id.is_(None), ReadingRevision.warnings.is_not(None)),
            ),
        )
    ).mappings()
    words = {"sent_back": "question", "answered": "answered", None: "warned"}
    return [_row(words[row["said"]], row) for row in rows]


def _held(network_id: int, point_ids: Sequence[int] | None) -> list[ToLook]:
    """What was held and is not decided, also where something newer holds by now: nothing that was sent is dropped."""
    rows = db.session.execute(
        _revisions(network_id, point_ids).where(
            ReadingRevision.outcome == "held",
            or_(ReadingReview.id.is_(None), ReadingReview.kind.not_in(DECIDED)),
        )
    ).mappings()
    return [_row("held", row) for row in rows]


def _row(state: str, row: object) -> ToLook:
    known = dict(row)  # type: ignore[call-overload]  # a mapping of columns
    known.pop("said")
    numbers = {name: known.pop(name) for name in REPORTED}
    return ToLook(state, **{**known, "warnings": known["warnings"] or [], "numbers": numbers})
