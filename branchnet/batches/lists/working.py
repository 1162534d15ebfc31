"""What the queue does with a list: the dry run, and the taking in, which judges every row anew.

Both tell their progress while rows are read, in transactions that change nothing but that; all that is written is
written in the last one, together with the word that it is done. So a worker that dies at any moment leaves either
nothing or all of it, and one that runs a second time finds it done.
"""

from collections.abc import Generator
from typing import Any

from sqlalchemy import select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.batches.lists.known import PURPOSES
from branchnet.batches.lists.purposes import Asked, Findings, Progress, Purpose, Written
from branchnet.errors import BranchNetError, Invalid
from branchnet.extensions import db
from branchnet.models import FileList
from branchnet.stock.lists import read_table

Steps = Generator[Progress, None, dict[str, Any]]


def check(act: Act, list_id: int) -> Steps:
    """The dry run: what would come in, and what is wrong row by row."""
    row = _row(act, list_id)
    if row is None or row.content is None or row.columns is None:
        return {"nothing": "to do"}
    asked, purpose = _asked(row), PURPOSES[row.purpose]
    try:
        parsed = yield from _parsed(act, asked, row.file_name, row.content)
    except Invalid as error:
        return _unreadable(act, asked, error)
    findings = purpose.judge(act, asked, parsed)
    row = _row(act, list_id)
    if row is None or row.state not in ("uploaded", "checked") or _asked(row).columns != asked.columns:
        return {"nothing": "asked otherwise meanwhile"}
    row.state = "checked"
    _keep(row, findings)
    return {"good": findings.good, "wrong": findings.wrong}


def apply(act: Act, list_id: int) -> Steps:
    """Take the good rows in, as they are good now; where all were wanted and one is wrong, none."""
    row = _row(act, list_id)
    if row is None or row.state != "checked" or row.content is None:
        return {"nothing": "to do"}
    asked, purpose, good_before = _asked(row), PURPOSES[row.purpose], _good(row)
    parsed = yield from _parsed(act, asked, row.file_name, row.content)
    row = _row(act, list_id)
    if row is None or row.state != "checked" or _asked(row) != asked:
        return {"nothing": "to do"}
    findings = purpose.judge(act, asked, parsed)
    if (asked.options["all_or_none"] and findings.wrong) or not findings.good:
        _keep(row, findings, refused={"code": "list_not_all_good", "data": {"wrong": findings.wrong}})
        return {"good": findings.good, "wrong": findings.wrong}
    written = _written(act, asked, purpose, findings)
    if isinstance(written, BranchNetError):
        _keep(row, findings, refused={"code": written.reason, "data": _plain(written.data)})
        return {"refused": written.reason}
    # Less than the dry run promised: what changed since is told, and stands among the problems.
    less = max(good_before - findings.good, 0)
    _keep(row, findings, written={"copies": written.copies, "less": less, **written.made})
    row.state, row.applied_at, row.content = "applied", clock.now(), None
    row.batch_id = written.batch_id or row.batch_id
    return {"copies": written.copies}


def _row(act: Act, list_id: int) -> FileList | None:
    return db.session.scalars(
        select(FileList)
        .where(FileList.network_id == act.network_id, FileList.id == list_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _asked(row: FileList) -> Asked:
    return Asked(row.id, row.purpose, row.batch_id, row.columns or {}, row.options or {})


def _good(row: FileList) -> int:
    """Rows that the dry run found good, with those that the clerk's choice made good."""
    summary: dict[str, Any] = dict(row.summary or {})
    unknown = summary.get("sums", {}).get("unknown", 0) if (row.options or {}).get("take_in") else 0
    return int(summary.get("good", 0)) + int(unknown)


def _parsed(act: Act, asked: Asked, name: str, content: bytes) -> Generator[Progress, None, Any]:
    table = read_table(name, content)
    yield 0, None
    return (yield from PURPOSES[asked.purpose].parse(act, asked, table))


def _written(act: Act, asked: Asked, purpose: Purpose, findings: Findings) -> Written | BranchNetError:
    """What was written; or why it could not be, with nothing of it left."""
    try:
        with db.session.begin_nested():
            return purpose.write(act, asked, findings)
    except BranchNetError as error:
        return error


def _unreadable(act: Act, asked: Asked, error: Invalid) -> dict[str, Any]:
    row = _row(act, asked.id)
    if row is not None:
        row.state, row.content = "unreadable", None
        row.summary = {"refused": {"code": error.reason, "data": _plain(error.data)}}
    return {"unreadable": error.reason}


def _keep(row: FileList, findings: Findings, **more: Any) -> None:
    row.summary = {
        "good": findings.good,
        "wrong": findings.wrong,
        "sums": dict(findings.sums),
        "more": dict(findings.more),
        **more,
    }
    row.problems = {"heading": list(findings.heading), "rows": [told.as_kept() for told in findings.told]}


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Of an error's data what can be kept: words and numbers."""
    return {name: value for name, value in data.items() if isinstance(value, str | int)}
