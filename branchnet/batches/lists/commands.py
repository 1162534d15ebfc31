"""A list comes in, its columns are confirmed, it is tried, taken in or dropped. None commits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select, update

from branchnet import clock, queue
from branchnet.access.acts import Act
from branchnet.batches.commands.shared import batch_for, not_ahead
from branchnet.batches.lists.known import PURPOSES
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import FileList, Job
from branchnet.stock.lists import Sheet, Table
from branchnet.stock.lists.headings import LOOKED_AT
from branchnet.stock.lists.rows import Columns

KEPT = timedelta(days=30)
"""How long a list is kept that nobody takes in."""
_SHEETS_SHOWN, _CELL_SHOWN = 20, 40
_BUSY = ("waiting", "running")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows come in: ``all_or_none`` takes none where one is wrong; unknown copies of a picking list too?"""

    all_or_none: bool = False
    take_in: bool = False
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that was read: what for, its name (only ever shown), its bytes, and what it holds."""

    purpose: str
    name: str
    content: bytes
    table: Table
    batch_id: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


def bring(act: Act, brought: Brought) -> FileList:
    """Keep a file, to ask which of its columns is which; where its purpose has none to ask for, try it at once.

    Raises Conflict("not_from_here") where the batch takes no more lines.
    """
    if brought.batch_id is not None:
        batch = batch_for(act, brought.batch_id)
        if batch.state != "draft":
            raise Conflict("not_from_here", step="add", state=batch.state, number=batch.number)
    row = FileList(
        network_id=act.network_id,
        purpose=brought.purpose,
        batch_id=brought.batch_id,
        file_name=brought.name[:200],
        content=brought.content,
        options={**brought.options, "sheets": [_shown(sheet) for sheet in brought.table.sheets[:_SHEETS_SHOWN]]},
        state="uploaded",
        created_at=clock.now(),
        created_by=act.person_id,
    )
    db.session.add(row)
    db.session.flush()
    if not PURPOSES[brought.purpose].names:
        row.columns = {}
        _ask(act, "list_check", row.id)
    return row


def _shown(sheet: Sheet) -> dict[str, Any]:
    """What is needed to ask which column is which, so that the file need not be read for it again."""
    head = [[_short(cell) for cell in row] for row in sheet.rows[: LOOKED_AT + 6]]
    return {"name": sheet.name, "rows": sheet.filled, "head": head}


def _short(cell: Any) -> Any:
    return cell[:_CELL_SHOWN] if isinstance(cell, str) else cell


def try_out(act: Act, list_id: int, sheet: int, columns: Columns) -> None:
    """Confirm the columns, and ask for a dry run.

    Raises Invalid with what is wrong by field, Conflict("list_done" / "list_busy").
    """
    row = _list_for(act, list_id)
    if missing := [name for name in PURPOSES[row.purpose].needs if name not in columns.fields]:
        raise Invalid("list_needs", missing=missing)
    _check_layout((row.options or {}).get("sheets", []), sheet, columns)
    row.columns = {"sheet": sheet, "heading_row": columns.heading_row, "fields": dict(columns.fields)}
    row.state, row.summary, row.problems = "uploaded", None, None
    _ask(act, "list_check", row.id)


def _check_layout(sheets: Any, sheet: int, columns: Columns) -> None:
    """The sheet is one that was shown, and its headings stand on it: whoever reads the file relies on both."""
    if sheet >= len(sheets):
        raise Invalid(fields={"sheet": "kind"})
    if columns.heading_row > len(sheets[sheet]["head"]):
        raise Invalid(fields={"heading_row": "heading_row"})


def apply(act: Act, list_id: int, choice: Choice) -> None:
    """Ask for a list that was tried to be taken in.

    Raises Conflict("list_done" / "list_busy" / "list_unchecked"), Invalid where the day has not come or nothing is
    good, Invalid("list_not_all_good") where all was wanted.
    """
    row = _list_for(act, list_id)
    if row.state != "checked" or row.summary is None:
        raise Conflict("list_unchecked")
    day = not_ahead(act, choice.day or act.today())
    wrong, good = _counted(row.summary, choice)
    if choice.all_or_none and wrong:
        raise Invalid("list_not_all_good", wrong=wrong)
    if not good:
        raise Invalid("list_nothing_good")
    row.options = {
        **(row.options or {}),
        "all_or_none": choice.all_or_none,
        "take_in": choice.take_in,
        "day": day.isoformat(),
    }
    _ask(act, "list_apply", row.id)


def _counted(summary: Mapping[str, Any], choice: Choice) -> tuple[int, int]:
    """Rows that are wrong and good, where the choice may make good what was unknown."""
    unknown = int(summary["sums"].get("unknown", 0)) if choice.take_in else 0
    return int(summary["wrong"]) - unknown, int(summary["good"]) + unknown


def drop(act: Act, list_id: int) -> None:
    """Let a list go that shall not be taken in, with its file."""
    row = _list_for(act, list_id)
    row.state, row.content, row.problems = "dropped", None, None


def let_go(act: Act) -> int:
    """Drop what was brought long ago and never taken in. Returns how many lists that were."""
    old = update(FileList).where(FileList.network_id == act.network_id, *untouched())
    values = {"state": "dropped", "content": None, "problems": None}
    return len(db.session.scalars(old.values(values).returning(FileList.id)).all())


def untouched() -> tuple[Any, ...]:
    """What says that a list waits for nobody any more."""
    return (
        FileList.state.in_(("uploaded", "checked", "unreadable")),
        FileList.created_at < clock.now() - KEPT,
    )


def _ask(act: Act, kind: str, list_id: int) -> None:
    queue.ask(act.network_id, kind, str(list_id), list=list_id, person=act.person_id or 0)


def _list_for(act: Act, list_id: int) -> FileList:
    """The list under lock, where it can still change."""
    row = db.session.scalars(
        select(FileList)
        .where(FileList.network_id == act.network_id, FileList.id == list_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound(list_id=list_id)
    if row.state in ("applied", "dropped"):
        raise Conflict("list_done", name=row.file_name)
    if _is_being_applied(act, row.id):
        raise Conflict("list_busy", name=row.file_name)
    return row


def _is_being_applied(act: Act, list_id: int) -> bool:
    busy = select(Job.id).where(
        Job.network_id == act.network_id,
        Job.kind == "list_apply",
        Job.subject == str(list_id),
        Job.state.in_(_BUSY),
    )
    return db.session.scalar(busy) is not None
