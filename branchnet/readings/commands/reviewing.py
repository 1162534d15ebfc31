"""What is said of a reading: staff accept it or ask, the teacher answers; what was held is applied or set aside.

All is added and nothing changed: the last word on a revision counts.
"""

from sqlalchemy import func, insert, select

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.personal import note_problem
from branchnet.calendar.rules import month_of
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import ConflictSeen, OperationConflict, Reading, ReadingReview, ReadingRevision
from branchnet.readings import queries
from branchnet.readings.commands.submitting import Receipt, Sent, Window, submit_window
from branchnet.readings.looking import REPORTS
from branchnet.readings.rules import Report


def accept(act: Act, revision_id: int) -> None:
    """Staff find a reading right as it is. Raises Conflict("reading_changed") where it holds no longer, NotFound."""
    reading, revision = _locked(act, revision_id)
    _holds(reading, revision)
    _say(act, revision, "accepted")


def send_back(act: Act, revision_id: int, words: str) -> None:
    """Staff ask the teacher about a reading; it counts meanwhile. Asked anew, the last question stands.

    Raises Invalid naming "words", Conflict("reading_changed") where it holds no longer, NotFound.
    """
    said = _checked(words)
    reading, revision = _locked(act, revision_id)
    _holds(reading, revision)
    _say(act, revision, "sent_back", said)


def answer(act: Act, reading_id: int, words: str) -> None:
    """The teacher answers what staff asked about a reading.

    Raises Invalid naming "words", Conflict("not_asked") where no question is open (any more), NotFound.
    """
    said = _checked(words)
    current_id = db.session.scalar(
        select(Reading.current_id).where(Reading.network_id == act.network_id, Reading.id == reading_id)
    )
    if current_id is None:
        raise NotFound(reading_id=reading_id)
    reading, revision = _locked(act, current_id)
    if reading.current_id != current_id or _last_word(revision) != "sent_back":
        raise Conflict("not_asked")
    _say(act, revision, "answered", said)


def apply_held(act: Act, revision_id: int, over: int | None = None) -> Receipt:
    """What was held holds from now on: its numbers become a revision of its own, by staff.

    ``over``: the number of the revision that holds, as staff saw it; one that is newer than what was held gives way
    only to who has seen it. Raises Conflict("reading_decided"), Conflict("reading_changed") where something newer
    holds that was not seen, or waits as well, Conflict("still_closed") while its month is closed and no exception
    opens it, Conflict("within_earlier") where an earlier term or year is told as a whole, NotFound.
    """
    reading, revision = _held(act, revision_id)
    holds = _number(reading)
    if _waits_after(reading, revision) or (holds != over and (reading.current_id or 0) > revision.id):
        raise Conflict("reading_changed", number=revision.number)
    month = reading.month or month_of(reading.last_on)
    window = Window(reading.window_kind, month, reading.first_on, reading.last_on, reading.batch_id)
    report = Report(
        **{name: getattr(revision, name) for name in Report().numbers()},
        method=revision.method,
        not_open=revision.not_open,
        note=revision.note,
    )
    sent = Sent("staff", holds, revision.claimed_at)
    receipt = submit_window(act, reading.point_id, window, report, sent)
    if receipt.held_reason == "overlap":
        raise Conflict("within_earlier", month=month)
    if receipt.held_reason is not None:
        raise Conflict("still_closed", month=month)
    _say(act, revision, "applied")
    return receipt


def set_aside(act: Act, revision_id: int, words: str) -> None:
    """What was held will not hold; the teacher reads why. Raises as `send_back`, and Conflict("reading_decided")."""
    said = _checked(words)
    _reading, revision = _held(act, revision_id)
    _say(act, revision, "set_aside", said)


def see_doubled(act: Act, conflict_id: int) -> None:
    """Staff have dealt with a report that came under another one's id; seen already, it stays as it is.

    Raises NotFound.
    """
    conflict = db.session.scalars(
        select(OperationConflict).where(
            OperationConflict.network_id == act.network_id,
            OperationConflict.id == conflict_id,
            OperationConflict.verb == REPORTS,
        )
    ).one_or_none()
    if conflict is None:
        raise NotFound(conflict_id=conflict_id)
    which = {
        "network_id": act.network_id,
        "operation_id": conflict.operation_id,
        "body_hash": conflict.body_hash,
    }
    if db.session.scalars(select(ConflictSeen.id).filter_by(**which)).first() is None:
        db.session.execute(insert(ConflictSeen).values(**which, seen_at=clock.now(), seen_by=act.person_id))
        audit.record(act, "reading.doubled_seen", "operation", conflict.operation_id)


def _locked(act: Act, revision_id: int) -> tuple[Reading, ReadingRevision]:
    """A revision, and its reading under lock: what is sent meanwhile waits."""
    revision = db.session.scalars(
        select(ReadingRevision).where(ReadingRevision.network_id == act.network_id, ReadingRevision.id == revision_id)
    ).one_or_none()
    if revision is None:
        raise NotFound(revision_id=revision_id)
    reading = db.session.scalars(
        select(Reading)
        .where(Reading.network_id == act.network_id, Reading.id == revision.reading_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    return reading, revision


def _held(act: Act, revision_id: int) -> tuple[Reading, ReadingRevision]:
    """A held revision about which nothing is decided yet."""
    reading, revision = _locked(act, revision_id)
    if revision.outcome != "held" or _last_word(revision) is not None:
        raise Conflict("reading_decided", number=revision.number)
    return reading, revision


def _holds(reading: Reading, revision: ReadingRevision) -> None:
    if reading.current_id != revision.id:
        raise Conflict("reading_changed", number=revision.number)


def _waits_after(reading: Reading, revision: ReadingRevision) -> bool:
    """Whether another came after a held revision and waits as well: the newest is decided first."""
    later = select(func.max(ReadingRevision.id)).where(
        ReadingRevision.network_id == reading.network_id,
        ReadingRevision.reading_id == reading.id,
        ReadingRevision.id > revision.id,
        ReadingRevision.outcome == "held",
        ~queries.decided(),
    )
    return db.session.scalar(later) is not None


def _number(reading: Reading) -> int | None:
    """The number of the revision that holds."""
    return db.session.scalar(
        select(ReadingRevision.number).where(
            ReadingRevision.network_id == reading.network_id, ReadingRevision.id == reading.current_id
        )
    )


def _last_word(revision: ReadingRevision) -> str | None:
    return db.session.scalar(
        select(ReadingReview.kind)
        .where(
            ReadingReview.network_id == revision.network_id,
            ReadingReview.reading_id == revision.reading_id,
            ReadingReview.revision_id == revision.id,
        )
        .order_by(ReadingReview.id.desc())
        .limit(1)
    )


def _checked(words: str) -> str:
    said = words.replace("\r\n", "\n").strip()
    if problem := note_problem(said) if said else "required":
        raise Invalid(fields={"words": problem})
    return said


def _say(act: Act, revision: ReadingRevision, kind: str, words: str | None = None) -> None:
    db.session.execute(
        insert(ReadingReview).values(
            network_id=act.network_id,
            reading_id=revision.reading_id,
            revision_id=revision.id,
            kind=kind,
            words=words,
            said_at=clock.now(),
            said_by=act.person_id,
        )
    )
    audit.record(act, f"reading.{kind}", "reading", revision.reading_id, revision=revision.number)
