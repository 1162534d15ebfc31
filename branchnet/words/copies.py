"""Where copies are, and why one cannot go."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from branchnet.batches.queries import Labelled, labelled
from branchnet.language import _
from branchnet.stock.queries import Standing, Whereabouts, ids_of_copies, whereabouts
from branchnet.words.said import NAMED, Said, Words


def place_words(kind: str) -> str:
    """What a place without a name of its own is called."""
    words = {
        "shelf": _("总馆书架"),
        "workroom": _("总馆整理间"),
        "transit": _("路上"),
        "to_be_disposed": _("待处置"),
        "lost": _("已登记丢失"),
        "withdrawn": _("已注销"),
        "supply": _("馆外"),
        "point": _("服务点"),
    }
    return words.get(kind, kind)


def whereabouts_words(found: Whereabouts) -> str:
    """Where a copy is: not here but at 雷州分馆 since 2025-03-03, in batch 25-017."""
    if not found.places:
        return _("账上没有它的位置")
    return _("；").join(_standing(standing) for standing in found.places)


def _standing(standing: Standing) -> str:
    place = standing.name or place_words(standing.kind)
    since = standing.since.isoformat()
    if standing.batch is None:
        return _("从 %(since)s 起在 %(place)s", since=since, place=place)
    return _("从 %(since)s 起在 %(place)s（批次 %(batch)s）", since=since, place=place, batch=standing.batch)


def box_words(number: int) -> str:
    """A box by its number; 0 is what lies loose."""
    return _("第 %(number)d 箱", number=number) if number else _("散放")


def strange_words(network_id: int, codes: Sequence[str], today: date) -> str:
    """Scanned codes that are not of a batch's road: where the ledger has the copy, or whose box the label is of.

    A few of them, and how many more.
    """
    if not codes:
        return ""
    shown = list(codes[:NAMED])
    lots = ids_of_copies(network_id, shown)
    now = whereabouts(network_id, sorted(lots.values()))
    boxes = labelled(network_id, [code for code in shown if code not in lots], today)

    def one(code: str) -> str:
        if code in boxes:
            return _label(code, boxes[code])
        if code not in lots:
            return _("%(code)s 不在账上", code=code)
        found = now[lots[code]]
        return _("《%(title)s》%(barcode)s：%(now)s", title=found.title, barcode=code, now=whereabouts_words(found))

    said = [one(code) for code in shown]
    if len(codes) > NAMED:
        said.append(_("另有 %(more)s 条", more=len(codes) - NAMED))
    return _("；").join(said)


def _label(code: str, found: Labelled) -> str:
    """The label of a box that is not to be received here: whose it is, and what becomes of it."""
    if found.recalled:
        how = _("已经追回了")
    elif found.counted:
        how = _("已经清点过了")
    elif found.state == "cancelled":
        how = _("那一批已经取消")
    else:
        how = _("要送到 %(place)s", place=found.end.name or place_words(found.end.kind))
    return _(
        "%(code)s 是批次 %(number)s（%(box)s）的箱签，%(how)s",
        code=code,
        number=found.batch,
        box=box_words(found.box),
        how=how,
    )


def _elsewhere(data: dict[str, Any]) -> Said:
    lots = data["lots"]
    if len(lots) == 1 and lots[0]["asked"] == 1:
        return _one_elsewhere(lots[0])
    rows = [_too_many(lot) for lot in lots[:NAMED]]
    if len(lots) > NAMED:
        rows.append(_("另有 %(more)s 条", more=len(lots) - NAMED))
    return "\n".join(rows), _("请改少，或先查清书在哪里。别的都还在。")


def _too_many(lot: dict[str, Any]) -> str:
    """More is asked than there is. Where the rest of a counted lot stands, all over the network, would help nobody."""
    named = {"title": lot["now"].title, "asked": f"{lot['asked']:,}", "there": f"{lot['there']:,}"}
    if lot["now"].barcode is None:
        return _("《%(title)s》要 %(asked)s 册，这里只有 %(there)s 册", **named)
    now = whereabouts_words(lot["now"])
    return _(
        "《%(title)s》%(barcode)s 要 %(asked)s 册，这里有 %(there)s 册；%(now)s",
        **named,
        barcode=lot["now"].barcode,
        now=now,
    )


def _one_elsewhere(lot: dict[str, Any]) -> Said:
    """One copy that cannot go: what is wrong depends on where it stands, and so does what to do."""
    now = lot["now"]
    copy = _("《%(title)s》%(barcode)s", title=now.title, barcode=now.barcode or "")
    standing = now.places[0] if len(now.places) == 1 else None
    kind = standing.kind if standing else ""
    if standing is not None and kind in _GONE:
        said, todo = _GONE[kind](standing)
        return f"{copy} {said}", todo
    return (
        _("%(copy)s 不在这里：%(now)s。", copy=copy, now=whereabouts_words(now)),
        _("请把这一本拿出来，或先查清它在哪里。其余的行都还在。"),
    )


_GONE: dict[str, Callable[[Standing], Said]] = {
    "transit": lambda now: (
        _(
            "在路上：%(since)s 随批次 %(batch)s 发往 %(place)s，还没有签收。",
            since=now.since.isoformat(),
            batch=now.batch or "",
            place=now.bound_for or place_words("shelf"),
        ),
        _("书要是在手里，请先在那一批里办签收或撤回。"),
    ),
    "lost": lambda now: (
        _("已登记丢失，从 %(since)s 起%(batch)s。", since=now.since.isoformat(), batch=_with_batch(now)),
        _("书要是找到了，请先登记找回，再来配。"),
    ),
    "withdrawn": lambda now: (
        _("已注销，从 %(since)s 起%(batch)s。", since=now.since.isoformat(), batch=_with_batch(now)),
        _("书要是找到了，请先在它的页面上登记找回。"),
    ),
    "to_be_disposed": lambda now: (
        _("在等处理，从 %(since)s 起%(batch)s。", since=now.since.isoformat(), batch=_with_batch(now)),
        _("请放回待处置的书里；修好了要先办结，再来配。"),
    ),
    "workroom": lambda now: (
        _("还在总馆整理间，从 %(since)s 起%(batch)s，没有入库。", since=now.since.isoformat(), batch=_with_batch(now)),
        _("请先办清点入库，再来配。"),
    ),
}
"""What is said of a copy that stands where nobody can pick it."""


def _with_batch(now: Standing) -> str:
    return _("（批次 %(batch)s）", batch=now.batch) if now.batch else ""


def _in_this_batch(data: dict[str, Any]) -> Said:
    copy = _("《%(title)s》%(barcode)s", title=data["title"], barcode=data["barcode"])
    if data.get("at") is None:
        return _("%(copy)s 已经在批次 %(number)s 里。", copy=copy, number=data["number"]), _("不用再扫。")
    return (
        _("%(copy)s 已经在这一批里：%(line)s。", copy=copy, line=_line(data)),
        _("不用再扫。"),
    )


def _in_other_batch(data: dict[str, Any]) -> Said:
    copy = _("《%(title)s》%(barcode)s", title=data["title"], barcode=data["barcode"])
    line = _("（%(aside)s）", aside=_line(data)) if data.get("at") is not None else ""
    return (
        _("%(copy)s 已经在批次 %(number)s 里%(line)s。", copy=copy, number=data["number"], line=line),
        _("要换批次，请先从那一批里拿掉。"),
    )


def _line(data: dict[str, Any]) -> str:
    """In which box, by whom and when, by the network's clock: 第 1 箱，林管理员 2026-03-05 10:32 加的."""
    box = _("第 %(number)d 箱", number=data["box"]) if data["box"] else _("散放")
    at = f"{data['at'].astimezone(ZoneInfo(data['zone'])):%Y-%m-%d %H:%M}"
    if not data["person"]:
        return _("%(box)s，%(at)s 加的", box=box, at=at)
    return _("%(box)s，%(person)s %(at)s 加的", box=box, person=data["person"], at=at)


def _counted_short(data: dict[str, Any]) -> Said:
    said = _("%(name)s 要 %(asked)s 册，这里有 %(there)s 册。", **{k: data[k] for k in ("name", "asked", "there")})
    if data["listed"]:
        said += _("其中 %(listed)s 册已经在这一批里。", listed=data["listed"])
    return said, _("请把册数改少，或换一种书。")


COPIES: Words = {
    "barcode_unknown": lambda data: (
        _("条码 %(barcode)s 不在账上。", barcode=data["barcode"]),
        _("请再扫一次；确实是馆里的书，写上书名就能加进来。"),
    ),
    "lot_unknown": lambda _data: (_("没有找到这批书。"), _("请从列表里重新选。")),
    "in_this_batch": _in_this_batch,
    "in_other_batch": _in_other_batch,
    "copies_elsewhere": _elsewhere,
    "barcodes_known": lambda data: (
        _("这些条码已经在账上：%(barcodes)s", barcodes=_("、").join(data["barcodes"][:NAMED])),
        _("请从名单里去掉它们，或查清是不是贴错了条码。"),
    ),
    "barcodes_twice": lambda data: (
        _("这些条码在名单里出现了不止一次：%(barcodes)s", barcodes=_("、").join(data["barcodes"][:NAMED])),
        _("一个条码只能是一册书，请改好再交。"),
    ),
    "lots": lambda data: (
        _(
            "名单里有 %(count)s 行不能入账，第一处在第 %(row)s 行。",
            count=len(data["rows"]),
            row=data["rows"][0]["row"],
        ),
        _("从第 %(row)s 行看起：要有书名和大于 0 的册数；有条码的只能是一册。", row=data["rows"][0]["row"]),
    ),
    "none_of_this_batch": lambda data: (
        _("扫的码没有一个在批次 %(number)s 还没收的书里。", number=data["number"]),
        strange_words(data["network_id"], data["codes"], data["today"]) or _("请看清批次号再扫。"),
    ),
    "not_all_scanned": lambda data: (
        "".join(
            _("%(box)s扫到 %(scanned)s 册，发来 %(sent)s 册。", box=box_words(box), scanned=scanned, sent=sent)
            for box, scanned, sent in data["boxes"][:NAMED]
        ),
        _("没扫完就接着扫；真的没到，请勾上“没扫到的就是没到”再按一次。"),
    ),
    "counted_unknown": lambda data: (
        _("出发的地方没有叫“%(asked)s”的未编目的书。", asked=data["text"]),
        _("请从提示里选一条；没有的先登记入藏。"),
    ),
    "counted_several": lambda data: (
        _(
            "“%(asked)s”有 %(count)d 种：%(names)s",
            asked=data["text"],
            count=len(data["names"]),
            names=_("、").join(data["names"][:NAMED]),
        ),
        _("请写清是哪一种。"),
    ),
    "counted_short": _counted_short,
}
"""Errors about copies and counted lots."""
