"""Words for losses: how cases end, repairs, disposal lists, and what the registers tell apart."""

from branchnet.batches.losses.registers import CaseRow
from branchnet.blueprints.staff.stocktake_words import ends_of_case
from branchnet.blueprints.staff.words import ending_words, resolution_words
from branchnet.language import _


def closing_words(case: CaseRow, resolution: str) -> str:
    """How a case can end, and what follows; of what nobody sent a miscount is the report's own."""
    if case.stocktake is not None:
        said = dict(ends_of_case(case.kind, case.barcode is not None, case.quality not in (None, "exact")))
        return said.get(resolution) or resolution_words(case.kind, resolution)
    if case.batch is None and resolution == "miscounted":
        return _("报错了，书没有少")
    if case.kind == "short" and resolution == "found":
        return _("找到了，书在原处")
    return resolution_words(case.kind, resolution)


def reported_words(kind: str) -> str:
    """What is reported of copies at a place."""
    return {"short": _("不见了"), "damaged": _("破损")}.get(kind, kind)


def source_words(case: CaseRow) -> str:
    """What found a difference: a batch or a stocktake by its number, an exchange visit by its day, or a report."""
    if case.batch is not None:
        return _("批次 %(number)s", number=case.batch)
    if case.exchanged_on is not None:
        return _("换书 %(day)s", day=case.exchanged_on)
    return _("盘点 %(number)s", number=case.stocktake) if case.stocktake is not None else _("报上来的")


def case_state_words(state: str) -> str:
    """What the register of differences is narrowed to."""
    return {"open": _("还没结案"), "closed": _("已结案")}.get(state, ending_words(state))


def repair_words(outcome: str | None) -> str:
    """Where a repair stands."""
    words = {None: _("正在修"), "open": _("正在修"), "repaired": _("修好了"), "beyond_repair": _("修不好")}
    return words.get(outcome, outcome or "")


def repair_end_words(outcome: str) -> str:
    """How a repair ends, and where the book goes."""
    words = {"repaired": _("修好了，回总馆书架"), "beyond_repair": _("修不好，转待处置")}
    return words.get(outcome, outcome)


def loss_words(kind: str) -> str:
    """Kinds of loss in the figures."""
    return {"lost": _("丢失"), "damaged": _("破损"), "worn": _("自然损耗")}.get(kind, kind)


def disposal_shape(state: str) -> str:
    """The shape of a list's state."""
    return {"draft": "ring", "approved": "done", "cancelled": "dash"}.get(state, "ring")
