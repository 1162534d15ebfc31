"""What the teacher's pages about boxes are filled with: boxes to take in, the receipt, and what did not match."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import render_template, url_for

from branchnet.access.acts import Act
from branchnet.batches.incoming import Incoming
from branchnet.batches.queries import Case, TakenIn, TakenInRow, cases_at
from branchnet.batches.rules import count_due_on
from branchnet.language import _, day_name, one_after_another
from branchnet.points.queries import Point

CLOSED_DAYS = 90
"""For how many days a point's page tells how a case ended."""


def batch_row(point: Point, batch: Incoming, today: date, count_due_days: int) -> dict[str, Any]:
    """A batch that is to be taken in; where its boxes are there, by when they are to be counted."""
    due = count_due_on(batch.arrived_on, count_due_days) if batch.arrived and batch.arrived_on else None
    return {
        "number": batch.number,
        "sent_on": batch.sent_on.isoformat(),
        "boxes": len(batch.boxes),
        "copies": batch.copies,
        "state": "arrived" if batch.arrived else "dispatched",
        "due": day_name(due, today) if due else None,
        "late": max((today - due).days, 0) if due else 0,
        "href": url_for("teacher.receive", code=point.code, number=batch.number),
        "op_id": str(uuid4()),
    }


def typed_counts(typed: Mapping[str, str]) -> dict[str, str]:
    """By box number what was typed; ``copies`` counts what went loose."""
    found = {name.removeprefix("box-"): value for name, value in typed.items() if name.startswith("box-")}
    return found | ({"0": typed["copies"]} if "copies" in typed else {})


def typed_broken(typed: Mapping[str, str]) -> dict[str, str]:
    """By box number (0: loose) how many were typed as broken."""
    return {name.removeprefix("broken-"): value for name, value in typed.items() if name.startswith("broken-")}


def receive_page(act: Act, point: Point, batch: Incoming, values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    """The batch with a button for each answer; each has an operation's id of its own.

    Once a box was counted nothing is filled in beforehand: a box left then has likely not come.
    """
    return render_template(
        "teacher/receive.html",
        point={"name": point.name},
        back_href=url_for("teacher.point", code=point.code),
        batch=batch_row(point, batch, act.today(), act.network.count_due_days),
        boxes=[{"number": part.number, "copies": part.copies} for part in batch.boxes],
        loose=next((part.copies for part in batch.parts if not part.number), None),
        op_ids={action: str(uuid4()) for action in ("arrived", "confirm", "count")},
        begun=batch.begun,
        parts=parts_words(batch),
        values=values,
        errors=errors,
        broken_typed=any(copies.strip() for copies in typed_broken(values).values()),
    )


def parts_words(batch: Incoming) -> str:
    """Which parts a page shows as still to be counted, as its form sends them back: one that is outdated shows."""
    return " ".join(str(part.number) for part in batch.parts)


def arrived_words(act: Act) -> str:
    """What the library now knows, and by when it hopes for a count."""
    today = act.today()
    due = count_due_on(today, act.network.count_due_days)
    return _("馆里知道箱子到了。请在 %(day)s前清点，再来收下。", day=day_name(due, today))


def received_page(act: Act, point: Point, number: str, taken: TakenIn) -> str:
    """What the library has in hand of a batch, to be shown to whoever asks."""
    at = taken.recorded_at.astimezone(ZoneInfo(act.network.time_zone))
    return render_template(
        "teacher/received.html",
        point={"name": point.name},
        number=number,
        said=received_words(taken),
        at=f"{at:%Y-%m-%d %H:%M}",
        person=taken.person,
        taken=taken,
        cases=_rows_of(taken.cases, act.today()),
        back_href=url_for("teacher.point", code=point.code),
        go_on_href=url_for("teacher.receive", code=point.code, number=number) if taken.left else None,
    )


def received_words(taken: TakenIn) -> str:
    """What was taken in, what did not match and is still open, and what nobody has counted."""
    open_ones = dict.fromkeys(("short", "over", "damaged"), 0)
    for case in taken.cases:
        if case.closed_on is None:
            open_ones[case.kind] += case.quantity
    said = [_("收下了 %(copies)s 册。", copies=f"{taken.copies:,}")]
    if open_ones["short"]:
        said.append(_("少了 %(copies)s 册，馆里已经知道，会来问清楚。", copies=open_ones["short"]))
    if open_ones["over"]:
        said.append(_("多了 %(copies)s 册，馆里已经知道，会来问清楚。", copies=open_ones["over"]))
    if open_ones["damaged"]:
        said.append(_("破了 %(copies)s 册，馆里已经知道，书先放着。", copies=open_ones["damaged"]))
    if taken.left:
        said.append(_("还有 %(boxes)s 箱没有清点。", boxes=taken.left))
    return one_after_another(said)


def received_row(point: Point, row: TakenInRow, today: date) -> dict[str, Any]:
    """A batch that was taken in, as the way to its receipt."""
    return {
        "number": row.number,
        "copies": row.copies,
        "on": day_name(row.counted_on, today),
        "href": url_for("teacher.received", code=point.code, number=row.number),
    }


def case_rows(point: Point, today: date) -> list[dict[str, Any]]:
    """What did not match at a point: open cases, and how those ended that were closed lately."""
    cases: Sequence[Case] = cases_at(point.network_id, point.place_id, today - timedelta(days=CLOSED_DAYS))
    return _rows_of(cases, today)


def _rows_of(cases: Sequence[Case], today: date) -> list[dict[str, Any]]:
    """The cases as rows; what was written once for several of a batch stands at the first of them alone."""
    rows, told = [_case_row(case, today) for case in cases], set[tuple[str, str]]()
    for row in rows:
        said = (row["number"], row["note"])
        if said in told:
            row["note"] = None
        told.add(said)
    return rows


def _case_row(case: Case, today: date) -> dict[str, Any]:
    where = "" if case.box is None else _("第 %(number)s 箱", number=case.box) if case.box else _("没有装箱的")
    return {
        "what": _case_words(case.kind, case.quantity),
        "about": [part for part in (where, case.title and _("《%(title)s》", title=case.title), case.barcode) if part],
        "on": day_name(case.opened_on, today),
        "number": case.batch or case.stocktake or "",
        "note": case.note,
        "ended": case.resolution and _ending_words(case.kind, case.resolution, case.batch is None),
        "ended_on": case.closed_on and day_name(case.closed_on, today),
    }


def _case_words(kind: str, copies: int) -> str:
    words = {
        "short": _("少 %(copies)s 册", copies=f"{copies:,}"),
        "over": _("多 %(copies)s 册", copies=f"{copies:,}"),
        "damaged": _("破 %(copies)s 册", copies=f"{copies:,}"),
    }
    return words.get(kind, kind)


def _ending_words(kind: str, resolution: str, stocktake: bool) -> str:
    """How a case ended, as one tells a teacher; found in a stocktake it came from no box."""
    words = {
        ("short", "found"): _("找到了"),
        ("short", "lost"): _("没找到，记作丢失"),
        ("short", "miscounted"): _("馆里少装了，不是您这里少的"),
        ("short", "damaged"): _("路上坏了，馆里收回处理"),
        ("over", "surplus"): _("馆里多装了，已经补记"),
        ("over", "miscounted"): _("数错了，没有多"),
        ("damaged", "damaged"): _("馆里收回处理"),
        ("damaged", "found"): _("修好了，接着用"),
        ("short", "worn"): _("用旧了，不用赔"),
        ("damaged", "repaired"): _("馆里拿去修了"),
        ("damaged", "miscounted"): _("不算了：书没有送到，或要重新点"),
    }
    if stocktake:
        words |= {
            ("short", "miscounted"): _("数错了，没有少"),
            ("short", "damaged"): _("坏了，馆里收回处理"),
            ("over", "surplus"): _("确实多，已经补记"),
        }
    return words.get((kind, resolution), resolution)
