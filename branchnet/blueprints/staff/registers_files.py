"""The registers as Excel: narrowed as the page was."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Response

from branchnet.access.guards import require, staff
from branchnet.batches.losses import registers
from branchnet.batches.losses.registers import CASE_STATES, REPAIR_STATES, Total
from branchnet.batches.losses.registers.lost import add_up
from branchnet.batches.losses.rules import LOSSES
from branchnet.batches.queries import End
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.staff.loss_words import closing_words, loss_words, repair_words, source_words
from branchnet.blueprints.staff.registers import Asked, asked_register
from branchnet.blueprints.staff.root import blueprint, libraries_seen
from branchnet.blueprints.staff.words import difference_words
from branchnet.language import _
from branchnet.models.difference import DISCREPANCY_KINDS, DISPOSAL_STATES
from branchnet.sheets import Column, Sheet
from branchnet.stock.finding import EXPORTED_TO
from branchnet.words import place_words
from branchnet.words.losses import list_state_words


@blueprint.get("/registers/differences.xlsx")
@require("batch.see")
def cases_file() -> Response:
    """The register of differences."""
    asked, who = asked_register(DISCREPANCY_KINDS, CASE_STATES), staff()
    rows, totals = registers.cases_registered(
        who.networks, asked.narrowed, who.act.today(), size=EXPORTED_TO, order=asked.order
    )
    columns = (
        Column(_("编号"), "number"),
        Column(_("哪一天"), "day"),
        Column(_("在哪里"), width=28),
        Column(_("差异")),
        *_worth_columns(),
        Column(_("书名"), width=36),
        Column(_("条码"), width=18),
        Column(_("怎么发现的"), width=20),
        Column(_("怎么结的"), width=24),
        Column(_("哪天结案"), "day"),
        Column(_("赔偿"), "fen", _("元")),
        Column(_("哪天收到"), "day"),
        Column(_("备注"), width=36),
        Column(_("网络")),
    )
    libraries = libraries_seen()
    lines = (
        (
            row.id,
            row.opened_on,
            _place(row.place),
            difference_words(row.kind),
            *_worth(row.quantity, row.fen, row.unpriced),
            row.title,
            row.barcode,
            source_words(row),
            closing_words(row, row.resolution) if row.resolution else None,
            row.closed_on,
            row.amount_fen,
            row.paid_on,
            row.note,
            libraries[row.network],
        )
        for row in rows
    )
    sums = [
        (_("合计"), None, None, difference_words(kind), *_totals(total, 4, len(columns))[4:])
        for kind, total in totals.items()
    ]
    return _answer(_("差异登记簿"), asked, columns, lines, totals=sums)


@blueprint.get("/registers/losses.xlsx")
@require("batch.see")
def losses_file() -> Response:
    """The register of losses, by year and point."""
    asked, who = asked_register(LOSSES), staff()
    rows = registers.lost_sums(who.networks, asked.narrowed, who.act.today())
    columns = [Column(_("年份"), "text", width=8), Column(_("服务点"), width=32)]
    for kind in LOSSES:
        columns += [
            Column(loss_words(kind), "number", _("册")),
            Column(_("%(kind)s的码洋", kind=loss_words(kind)), "fen", _("元"), 16),
            Column(_("%(kind)s无价的", kind=loss_words(kind)), "number", _("册"), 16),
        ]
    columns += [Column(_("合计"), "number", _("册")), Column(_("码洋"), "fen", _("元")), _unpriced()]
    lines = (
        (
            str(row.year),
            _place(row.place),
            *(cell for kind in LOSSES for cell in _sum(row.kinds.get(kind, Total()))),
            *_sum(row.all),
        )
        for row in rows
    )
    by_kind = [add_up(row.kinds[kind] for row in rows if kind in row.kinds) for kind in LOSSES]
    every = [*by_kind, add_up(row.all for row in rows)]
    total = (_("合计"), None, *(cell for one in every for cell in _sum(one)))
    return _answer(_("丢失登记簿"), asked, columns, lines, total)


@blueprint.get("/registers/losses/copies.xlsx")
@require("batch.see")
def lost_copies_file() -> Response:
    """The copies behind those numbers."""
    asked, who = asked_register(LOSSES), staff()
    rows, total = registers.lost_registered(who.networks, asked.narrowed, who.act.today(), size=EXPORTED_TO)
    columns = (
        Column(_("哪天结案"), "day"),
        Column(_("书名"), width=36),
        Column(_("条码"), width=18),
        Column(_("财产登记号"), width=18),
        Column(_("服务点"), width=28),
        Column(_("类型")),
        *_worth_columns(),
        Column(_("哪一条差异"), "number"),
        Column(_("批次")),
    )
    lines = (
        (
            row.on,
            row.title,
            row.barcode,
            row.property_number,
            _place(row.place),
            loss_words(row.kind),
            *_worth(row.quantity, row.fen, row.unpriced),
            row.case_id,
            row.batch,
        )
        for row in rows
    )
    return _answer(_("丢失的书"), asked, columns, lines, _totals(total, 6, len(columns)))


@blueprint.get("/registers/repairs.xlsx")
@require("batch.see")
def repairs_file() -> Response:
    """The register of repairs."""
    asked, who = asked_register(states=REPAIR_STATES), staff()
    rows, total = registers.repairs_registered(who.networks, asked.narrowed, who.act.today(), size=EXPORTED_TO)
    columns = (
        Column(_("书名"), width=36),
        Column(_("条码"), width=18),
        Column(_("原来在哪里"), width=28),
        *_worth_columns(),
        Column(_("哪天送修"), "day"),
        Column(_("结果")),
        Column(_("哪天有结果"), "day"),
        Column(_("修补费"), "fen", _("元")),
        Column(_("哪一条差异"), "number"),
        Column(_("备注"), width=36),
        Column(_("网络")),
    )
    libraries = libraries_seen()
    lines = (
        (
            row.title,
            row.barcode,
            _place(row.place) if row.place else None,
            *_worth(row.quantity, row.fen, row.unpriced),
            row.begun_on,
            repair_words(row.outcome),
            row.ended_on,
            row.cost_fen,
            row.case_id,
            row.note,
            libraries[row.network],
        )
        for row in rows
    )
    return _answer(_("修补登记簿"), asked, columns, lines, _totals(total, 3, len(columns)))


@blueprint.get("/registers/disposals.xlsx")
@require("batch.see")
def disposals_file() -> Response:
    """The register of disposal lists."""
    asked, who = asked_register(states=DISPOSAL_STATES), staff()
    rows, total = registers.disposals_registered(who.networks, asked.narrowed, size=EXPORTED_TO)
    columns = (
        Column(_("编号")),
        Column(_("哪天列单"), "day"),
        Column(_("状态")),
        Column(_("批准文号"), width=24),
        Column(_("批准日期"), "day"),
        *_worth_columns(),
        Column(_("后来找回来的"), "number", _("册"), 16),
        Column(_("谁列的")),
        Column(_("备注"), width=36),
        Column(_("网络")),
    )
    libraries = libraries_seen()
    lines = (
        (
            row.number,
            row.made_on,
            list_state_words(row.state),
            row.approval_number,
            row.approved_on,
            *_worth(row.copies, row.fen, row.unpriced),
            row.found,
            row.made_by,
            row.note,
            libraries[row.network],
        )
        for row in rows
    )
    return _answer(_("处置登记簿"), asked, columns, lines, _totals(total, 5, len(columns)))


def _worth_columns() -> tuple[Column, ...]:
    return Column(_("数量"), "number", _("册")), Column(_("码洋"), "fen", _("元")), _unpriced()


def _unpriced() -> Column:
    return Column(_("没有定价的"), "number", _("册"), 16)


def _worth(copies: int, fen: int, unpriced: int) -> tuple[Any, ...]:
    """How many, what they are worth (a word where no copy has a price), how many have none."""
    return copies, fen if unpriced < copies or not copies else _("未知"), unpriced


def _sum(total: Total) -> tuple[Any, ...]:
    return _worth(total.copies, total.fen, total.unpriced)


def _totals(total: Total, before: int, columns: int) -> tuple[Any, ...]:
    """The row of sums: so many columns before the three that are added up, empty ones after."""
    sums = _sum(total)
    return (_("合计"), *[None] * (before - 1), *sums, *[None] * (columns - before - len(sums)))


def _place(end: End) -> str:
    return end.name or place_words(end.kind)


def _answer(
    title: str,
    asked: Asked,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Any]],
    total: Sequence[Any] | None = None,
    totals: Sequence[Sequence[Any]] = (),
) -> Response:
    act = staff().act
    day = act.today().isoformat()
    told = [act.network.name, *_narrowed(asked), _("导出日期：%(day)s", day=day)]
    return excel(f"{title} {day}", Sheet(title, title, told, columns, rows, total, totals=totals))


def _narrowed(asked: Asked) -> list[str]:
    """What the page was narrowed to, in words."""
    names = [point.name for point in asked.points if point.code == asked.point]
    days = (asked.narrowed.since, asked.narrowed.until)
    period = _("%(since)s 到 %(until)s", since=days[0] or "…", until=days[1] or "…") if any(days) else ""
    return [*names[:1], period]
