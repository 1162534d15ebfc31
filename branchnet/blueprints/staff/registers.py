"""The registers: differences, losses, repairs and disposal lists; narrowed, sorted, page by page."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template, request, url_for

from branchnet.access.guards import require, staff
from branchnet.batches.losses import registers
from branchnet.batches.losses.registers import CASE_SORTS, CASE_STATES, PAGE, REPAIR_STATES, Narrowed
from branchnet.batches.losses.registers.lost import add_up
from branchnet.batches.losses.rules import LOSSES
from branchnet.batches.losses.waiting import waiting_in_all
from branchnet.batches.papers.rules import yuan
from branchnet.blueprints.staff.loss_words import (
    case_state_words,
    closing_words,
    disposal_shape,
    loss_words,
    repair_words,
    source_words,
)
from branchnet.blueprints.staff.matching import point_options
from branchnet.blueprints.staff.root import blueprint, writes
from branchnet.blueprints.staff.words import difference_words
from branchnet.language import _
from branchnet.models.difference import DISCREPANCY_KINDS, DISPOSAL_STATES
from branchnet.points.queries import Point, points_on
from branchnet.words import field_words
from branchnet.words.losses import list_state_words

LONGEST_YEARS = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """What a register is narrowed to, as its address says it; what was no day is named in ``wrong``."""

    narrowed: Narrowed
    sent: dict[str, Any]
    wrong: dict[str, str]
    points: list[Point]
    point: str
    order: str
    page: int


def asked_register(kinds: tuple[str, ...] = (), states: tuple[str, ...] = ()) -> Asked:
    """The filters that the address asks for; what it cannot mean is left out. ``year`` stands for its days."""
    who, args = staff(), request.args
    days = {name: _day(args.get(name)) for name in ("since", "until")}
    sent = {
        name: args[name].strip()
        for name in ("point", "kind", "state", "since", "until", "year")
        if args.get(name, "").strip()
    }
    year = sent.get("year", "")
    if year.isdecimal() and len(year) == LONGEST_YEARS and int(year) > 0:
        days = {"since": date(int(year), 1, 1), "until": date(int(year), 12, 31)}
    points = points_on(who.networks, who.act.today())
    here = [point.place_id for point in points if point.code == sent.get("point")]
    order = args.get("sort", "")
    known = order.removeprefix("-") in CASE_SORTS
    narrowed = Narrowed(
        place_ids=here if "point" in sent else None,
        kind=sent["kind"] if sent.get("kind") in kinds else "",
        state=sent["state"] if sent.get("state") in states else "",
        since=days["since"],
        until=days["until"],
    )
    wrong = {name: field_words("date") for name, day in days.items() if name in sent and day is None}
    return Asked(
        narrowed,
        sent | ({"sort": order} if known else {}),
        wrong,
        points,
        sent.get("point", ""),
        order if known else "-opened",
        max(args.get("page", 1, type=int), 1),
    )


def _day(asked: str | None) -> date | None:
    try:
        return date.fromisoformat((asked or "").strip())
    except ValueError:
        return None


@blueprint.get("/registers")
@require("batch.see")
def registers_page() -> str:
    """The four registers, each with the number that matters today."""
    who = staff()
    today = who.act.today()
    narrowed = Narrowed(state="open")
    return render_template(
        "staff/registers/all.html",
        open_cases=add_up(registers.cases_registered(who.networks, narrowed, today, size=1)[1].values()),
        in_repair=registers.repairs_registered(who.networks, narrowed, today, size=1)[1],
        drafts=registers.disposals_registered(who.networks, Narrowed(state="draft"), size=1)[1],
        lost=add_up(row.all for row in registers.lost_sums(who.networks, _this_year(today), today)),
        waiting=waiting_in_all(who.network_id),
        year=today.year,
        writes=writes(who.network_id),
    )


def _this_year(today: date) -> Narrowed:
    return Narrowed(since=date(today.year, 1, 1), until=date(today.year, 12, 31))


@blueprint.get("/registers/differences")
@require("batch.see")
def register_cases() -> str:
    """Differences, the newest first unless told otherwise: of batches, stocktakes and reports."""
    asked, who = asked_register(DISCREPANCY_KINDS, CASE_STATES), staff()
    rows, totals = registers.cases_registered(
        who.networks, asked.narrowed, who.act.today(), asked.page, order=asked.order
    )
    return _page(
        "staff/registers/cases.html",
        asked,
        rows=rows,
        total=add_up(totals.values()),
        totals=totals,
        columns=_case_columns(asked),
        kinds=[(kind, difference_words(kind)) for kind in DISCREPANCY_KINDS],
        states=[(state, case_state_words(state)) for state in CASE_STATES],
        source_words=source_words,
        closing_words=closing_words,
    )


def _case_columns(asked: Asked) -> list[str | dict[str, Any]]:
    return [
        _("编号"),
        _sortable(asked, "opened", _("哪一天")),
        _("在哪里"),
        _("差异"),
        _sortable(asked, "copies", _("数量")) | {"numeric": True, "unit": _("册")},
        {"label": _("码洋"), "numeric": True, "unit": _("元")},
        _("哪一种书"),
        _("怎么发现的"),
        _("怎么结的"),
        _sortable(asked, "closed", _("哪天结案")),
        {"label": _("赔偿"), "numeric": True, "unit": _("元")},
    ]


def _sortable(asked: Asked, word: str, label: str) -> dict[str, Any]:
    """A head that leads to the register sorted by it; the one it is sorted by leads to the other way round."""
    up, down = word, f"-{word}"
    turned = {down: up}.get(asked.order, down)
    return {
        "label": label,
        "href": url_for("staff.register_cases", **(asked.sent | {"sort": turned})),
        "sorted": {up: "ascending", down: "descending"}.get(asked.order),
    }


@blueprint.get("/registers/losses")
@require("batch.see")
def register_losses() -> str:
    """What was lost, damaged and worn, by year and point; each number opens its copies."""
    asked, who = asked_register(LOSSES), staff()
    rows = registers.lost_sums(who.networks, asked.narrowed, who.act.today())
    return _page(
        "staff/registers/losses.html",
        asked,
        rows=rows[(asked.page - 1) * PAGE : asked.page * PAGE],
        count=len(rows),
        total=add_up(row.all for row in rows),
        kinds=[(kind, loss_words(kind)) for kind in LOSSES],
        sums={kind: add_up(row.kinds[kind] for row in rows if kind in row.kinds) for kind in LOSSES},
    )


@blueprint.get("/registers/losses/copies")
@require("batch.see")
def register_lost_copies() -> str:
    """The copies behind those numbers, the last first."""
    asked, who = asked_register(LOSSES), staff()
    rows, total = registers.lost_registered(who.networks, asked.narrowed, who.act.today(), asked.page)
    return _page(
        "staff/registers/lost_copies.html",
        asked,
        rows=rows,
        total=total,
        kinds=[(kind, loss_words(kind)) for kind in LOSSES],
        loss_words=loss_words,
    )


@blueprint.get("/registers/repairs")
@require("batch.see")
def register_repairs() -> str:
    """Repairs, those under way first."""
    asked, who = asked_register(states=REPAIR_STATES), staff()
    rows, total = registers.repairs_registered(who.networks, asked.narrowed, who.act.today(), asked.page)
    return _page(
        "staff/registers/repairs.html",
        asked,
        rows=rows,
        total=total,
        states=[(state, repair_words(state)) for state in REPAIR_STATES],
        repair_words=repair_words,
    )


@blueprint.get("/registers/disposals")
@require("batch.see")
def register_disposals() -> str:
    """Disposal lists, the newest first, and how much waits for one."""
    asked, who = asked_register(states=DISPOSAL_STATES), staff()
    rows, total = registers.disposals_registered(who.networks, asked.narrowed, asked.page)
    return _page(
        "staff/registers/disposals.html",
        asked,
        rows=rows,
        total=total,
        states=[(state, list_state_words(state)) for state in DISPOSAL_STATES],
        list_state_words=list_state_words,
        shape=disposal_shape,
        waiting=waiting_in_all(who.network_id),
    )


def _page(template: str, asked: Asked, **told: Any) -> str:
    who, total = staff(), told["total"]
    count = told.pop("count", total.rows)
    return render_template(
        template,
        asked=asked,
        narrowed=asked.narrowed,
        points=point_options(asked.points),
        count=count,
        pages=max(-(-count // PAGE), 1),
        yuan=yuan,
        home=who.act.network.slug,
        several=len(who.networks) > 1,
        writes=writes(who.network_id),
        **told,
    )
