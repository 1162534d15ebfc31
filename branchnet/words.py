"""Errors in words: what is wrong, with which copy, box or field, and what to do."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.stock.queries import Standing, Whereabouts, ids_of_copies, whereabouts

Said = tuple[str, str]

NAMED = 5


def say(error: BranchNetError) -> Said:
    """What happened, and what to do next, in the reader's language."""
    made = WORDS.get(error.reason) or (_fields if error.data.get("fields") else None)
    if made is not None:
        return made(error.data)
    return _("这一步没有做成。"), _("请返回上一页检查后再试；还不行，请把这句话告诉管理员：%(code)s", code=error.reason)


def field_words(reason: str, earliest: date | None = None) -> str:
    """What is wrong with one field; ``earliest``: the first day that can stand there."""
    if reason == "too_early" and earliest is not None:
        return _("这一天太早，最早可以填 %(day)s。", day=earliest.isoformat())
    words = {
        "required": _("请填写这一项。"),
        "quantity_not_positive": _("请填一个大于 0 的整数。"),
        "in_the_future": _("这一天还没有到，请改成今天或更早。"),
        "date": _("请填日期，例如 2025-03-05。"),
        "too_early": _("这一天太早，请核对前后几步的日期。"),
        "start_shelf": _("分配和送书都从总馆书架出发。"),
        "start_point": _("请选书从哪个服务点出发。"),
        "end_point": _("请选书送到哪个服务点。"),
        "end_shelf": _("归还的书回到总馆。"),
        "gift_comes_back": _("只有分配和轮换可以是赠送；送书是要取回的。"),
        "no_due_date": _("只有送书有归还日期。"),
        "not_collected": _("只有送书要取回，这一批不用填。"),
        "count_by_box": _("这一批分了几箱，请按箱填写清点的册数。"),
        "count_or_scan": _("过了电脑的归还不用再填签收册数，请填清点册数。"),
        "from_before": _("书还不在账上，请先勾上“这些书从来没有入过账”。"),
        "boxes": _("箱数请填 1 到 500 之间的整数。"),
        "goods_name": _("请填物品名称，最多 100 个字。"),
        "goods_unit": _("请填单位，最多 10 个字，例如：台、个、一批。"),
        "more_damaged": _("破损的册数不能超过清点到的册数。"),
        "more_lost": _("丢失的册数不能超过还在路上的册数。"),
        "nothing_like": _("没有叫这个的，请从列表里选。"),
        "fewer_than_barcodes": _("册数比贴的条码还少，请核对。"),
        "copy_is_one": _("有条码的一行只能是一册；几册就写几行。"),
        "price": _("码洋请填元，例如 25 或 25.80；不知道就不填。"),
        "year": _("请填四位的年份，例如 2019。"),
        "too_long": _("太长了，请写短一些。"),
        "due_before": _("归还日期不能早于这一批的日期。"),
        "barcode_long": _("条码最多 40 个字符，请检查是否连着扫了两次。"),
        "title_long": _("书名最多 300 个字。"),
        "list_long": _("太长了：一次最多 5,000 个条码，请分几次。"),
        "not_text": _("这个文件不是文本文件。请存成 TXT，一行一个条码。"),
        "name_long": _("名字最多 40 个字。"),
        "phone_long": _("电话最多 20 个字符。"),
        "login_long": _("用户名最多 60 个字符。"),
        "same_place": _("出发和送达不能是同一个地方。"),
        "password_short": _("密码至少 8 个字符。"),
        "copies_to_name": _("请写明是哪几册，册数要与差异相同。"),
        "not_a_number": _("请填整数，没有统计就留空。"),
        "too_large": _("这个数太大了，请检查是否多打了一位。"),
        "not_open_has_numbers": _("没有开放的月份不能再填数字。"),
        "days": _("开放天数不能超过这个月的天数。"),
        "note_too_long": _("备注最多 200 个字。"),
        "note_personal": _("备注里不能有电话或身份证号，请删去后再交。"),
        "month": _("请选一个已经开始的月份。"),
        "kind": _("请从列表里选。"),
        "plate_long": _("车牌最多 20 个字符。"),
        "vehicle_name_long": _("车名最多 60 个字。"),
        "not_in_service": _("这辆车那天没有在用，请换一辆，或改车辆登记。"),
        "too_many_km": _("这个里程太大了，请填这一趟开了多少公里，不是里程表上的数。"),
        "dates": _("结束的日子早于开始的日子。"),
        "rest_to_count": _("这一箱还有没条码的书，请填点到多少册；一册也没有就填 0。"),
        "broken_too_many": _("破了的不能比数出来的还多，请再数一次。"),
        "resolution": _("这种差异不能这样结案。"),
        "point_name_long": _("名称最多 100 个字。"),
        "point_code": _("编号只用字母、数字和短横，最多 20 个字符。"),
        "code_known": _("这个编号已经是另一个服务点的，请换一个。"),
        "degrees": _("请填度数，例如纬度 21.2707、经度 110.3594，两个都要填。"),
        "file_missing": _("请先选一个文件。"),
        "field_twice": _("前面已经有一栏当作它了，请另选。"),
        "heading_row": _("栏目名要在前 30 行里，没有就填 0。"),
        "number_long": _("编号最多 40 个字。"),
        "archive_long": _("档号最多 60 个字。"),
        "photos_at_long": _("存放的地方最多 100 个字。"),
        "permille": _("千分之几，请填 0 到 1000。"),
        "until_before": _("最后一天不能早于第一天。"),
        "until_later": _("签过字的期限只能提前结束；要延长，请另签一份。"),
    }
    return words.get(reason, _("请检查这一项。"))


def place_words(kind: str) -> str:
    """What a place without a name of its own is called."""
    words = {
        "shelf": _("总馆书架"),
        "workroom": _("总馆整理间"),
        "transit": _("路上"),
        "to_be_disposed": _("待处理"),
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


def strange_words(network_id: int, codes: Sequence[str]) -> str:
    """Scanned codes that are not of a batch, each with where the ledger has it; a few of them, and how many more."""
    if not codes:
        return ""
    shown = list(codes[:NAMED])
    lots = ids_of_copies(network_id, shown)
    now = whereabouts(network_id, sorted(lots.values()))
    said = [
        _(
            "《%(title)s》%(barcode)s：%(now)s",
            title=now[lots[code]].title,
            barcode=code,
            now=whereabouts_words(now[lots[code]]),
        )
        if code in lots
        else _("%(code)s 不在账上", code=code)
        for code in shown
    ]
    if len(codes) > NAMED:
        said.append(_("另有 %(more)s 条", more=len(codes) - NAMED))
    return _("；").join(said)


def _elsewhere(data: dict[str, Any]) -> Said:
    lots = data["lots"]
    if len(lots) == 1 and lots[0]["asked"] == 1:
        return _one_elsewhere(lots[0])
    rows = [
        _(
            "《%(title)s》%(barcode)s 要 %(asked)s 册，这里有 %(there)s 册；%(now)s",
            title=lot["now"].title,
            barcode=lot["now"].barcode or "",
            asked=lot["asked"],
            there=lot["there"],
            now=whereabouts_words(lot["now"]),
        )
        for lot in lots[:NAMED]
    ]
    if len(lots) > NAMED:
        rows.append(_("另有 %(more)s 条", more=len(lots) - NAMED))
    return "\n".join(rows), _("请把这些书从清单里拿掉，或先查清它们在哪里。其余的行都还在。")


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
        _("注销的书不能再送，请拿出来。"),
    ),
    "to_be_disposed": lambda now: (
        _("在等处理，从 %(since)s 起%(batch)s。", since=now.since.isoformat(), batch=_with_batch(now)),
        _("请放回待处理的书里；修好了要先办结，再来配。"),
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


def _state(data: dict[str, Any]) -> Said:
    return (
        _(
            "批次 %(number)s 现在是“%(state)s”，不能再做这一步。",
            number=data["number"],
            state=state_words(data["state"]),
        ),
        _("可能有人先做了。请刷新页面看看现在的情况。"),
    )


def state_words(state: str) -> str:
    """The states of a batch, as people say them."""
    words = {
        "draft": _("正在配书"),
        "packed": _("已打包"),
        "dispatched": _("在路上"),
        "received": _("已签收"),
        "closed": _("已办结"),
        "cancelled": _("已取消"),
    }
    return words.get(state, state)


def field_of_list(field: str) -> str:
    """What a column of a list from a file holds."""
    words = {
        "barcode": _("条码"),
        "title": _("书名"),
        "author": _("责任者"),
        "publisher": _("出版社"),
        "isbn": _("ISBN"),
        "call_number": _("索书号"),
        "category": _("分类号"),
        "price": _("单价"),
        "amount": _("码洋合计"),
        "quantity": _("册数"),
        "year": _("出版年"),
        "property_number": _("财产号"),
        "fund": _("经费来源"),
        "box": _("箱号"),
    }
    return words.get(field, field)


def _limits(data: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: f"{data[name]:,}" for name in names}


def _listed_names(data: dict[str, Any]) -> str:
    return _("、").join(data["names"]) + (_("……") if data["more"] else "")


def _fields(data: dict[str, Any]) -> Said:
    reasons = [field_words(reason) for reason in data.get("fields", {}).values()]
    return " ".join(reasons) or _("有一项填得不对。"), _("请返回上一页改好再交；填过的内容都还在。")


def _counted_short(data: dict[str, Any]) -> Said:
    said = _("%(name)s 要 %(asked)s 册，这里有 %(there)s 册。", **{k: data[k] for k in ("name", "asked", "there")})
    if data["listed"]:
        said += _("其中 %(listed)s 册已经在这一批里。", listed=data["listed"])
    return said, _("请把册数改少，或换一种书。")


WORDS: dict[str, Callable[[dict[str, Any]], Said]] = {
    "not_found": lambda _data: (_("没有找到。"), _("它可能不在您的服务网络里，请回到首页再找。")),
    "forbidden": lambda _data: (_("您的岗位不能做这一步。"), _("需要的话，请找管理员开通。")),
    "sign_in_needed": lambda _data: (_("请先登录。"), _("登录后会回到这一页。")),
    "several_like": lambda data: (
        _("“%(typed)s”有好几个：%(names)s", typed=data["typed"], names=_listed_names(data)),
        _("请写全名，或写编号。"),
    ),
    "nothing_like": lambda data: (
        _("没有叫“%(typed)s”的。有的是：%(names)s", typed=data["typed"], names=_listed_names(data))
        if data["names"]
        else _("没有叫“%(typed)s”的。", typed=data["typed"]),
        _("请从列表里选，或打拼音首字母。"),
    ),
    "no_lot_there": lambda _data: (
        _("出发的地方没有未编目的书，请写明是哪些书。"),
        _("从来没有入过账的，请勾上“这些书从来没有入过账”；不然先登记入藏。"),
    ),
    "link_ended": lambda _data: (_("这个链接已经停用。"), _("请向图书馆要一个新链接。")),
    "no_device": lambda _data: (
        _("这台手机还没有打开过您的链接。"),
        _("请在微信里找到图书馆发来的链接，再点一次。"),
    ),
    "invalid": _fields,
    "in_the_future": _fields,
    "reading": _fields,
    "reason_missing": lambda _data: (_("请写明原因。"), _("更正要留下原因，日后才说得清。")),
    "nothing_to_move": lambda _data: (_("这一批里还没有书。"), _("请先扫条码，或添加一批未编目的书。")),
    "barcode_unknown": lambda data: (
        _("条码 %(barcode)s 不在账上。", barcode=data["barcode"]),
        _("请再扫一次；确实是馆里的书，写上书名就能加进来。"),
    ),
    "lot_unknown": lambda _data: (_("没有找到这批书。"), _("请从列表里重新选。")),
    "box_unknown": lambda data: (
        _("第 %(box)s 箱不在这一批里，或者已经清点过。", box=data["box"]),
        _("请看清箱号再填。"),
    ),
    "in_this_batch": _in_this_batch,
    "in_other_batch": _in_other_batch,
    "box_label": lambda data: (
        _("%(label)s 是批次 %(number)s 的箱签，不是书的条码。", label=data["label"], number=data["number"]),
        _("请扫书上的条码；要换箱，请扫这一批的箱签。"),
    ),
    "line_gone": lambda _data: (_("这一行已经不在清单里。"), _("可能有人先拿掉了。请看一看清单。")),
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
    "copies_elsewhere": _elsewhere,
    "later_moves": lambda data: (
        _("这一步之后书又动过 %(count)s 次，不能直接撤回。", count=len(data["entries"])),
        _("请从最近的一步开始，一步一步撤回。"),
    ),
    "too_early": lambda data: (
        _("日期太早：这些书最早可以记在 %(day)s。", day=data["earliest"].isoformat()),
        _("请把日期改成 %(day)s 或更晚。", day=data["earliest"].isoformat()),
    ),
    "not_from_here": _state,
    "received_in_part": lambda data: (
        _("批次 %(number)s 已经有一部分签收，不能整批取消。", number=data["number"]),
        _("请把还在路上的部分追回。"),
    ),
    "nothing_received": lambda data: (
        _("批次 %(number)s 还没有签收过任何书，不用追回。", number=data["number"]),
        _("请直接取消这一批；有丢在路上的，请写明丢了哪些。"),
    ),
    "collected_already": lambda data: (
        _("批次 %(number)s 的书已经取回了。", number=data["number"]),
        _("请到批次列表里看取回的那一批。"),
    ),
    "counted_already": lambda data: (
        _("批次 %(number)s 已经有书箱清点上架，不能再整批过电脑。", number=data["number"]),
        _("请把其余的书箱也清点上架。"),
    ),
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
    "code_known": lambda data: (
        _("编号 %(code)s 已经是另一个服务点的。", code=data["code"]),
        _("请换一个编号。"),
    ),
    "slug_known": lambda data: (_("网络代号 %(slug)s 已经有了。", slug=data["slug"]), _("请换一个代号。")),
    "dates": lambda _data: (_("结束的日子早于开始的日子。"), _("请检查这两个日期。")),
    "name": _fields,
    "is_reversal": lambda _data: (_("这一步本身就是撤回，不能再撤回。"), _("请重新做一次原来的那一步。")),
    "reversed_already": lambda _data: (_("这一步已经撤回过了。"), _("请刷新页面看看现在的情况。")),
    "not_reversible": lambda _data: (
        _("这一步不能撤回。"),
        _("没有动书的步骤不用撤回；差异已经结案的，请先在差异里更正。"),
    ),
    "locked_already": lambda data: (
        _("%(month)s 及以前的月份已经封账。", month=data["month"]),
        _("请选更晚的月份。"),
    ),
    "stay_running": lambda _data: (_("这批书还没有取回，还不能报。"), _("请在书取回以后再报。")),
    "not_settled": lambda data: (
        _("还不能办结：路上还有 %(road)s 册，未结的差异有 %(differences)s 条。", **data),
        _("请先处理完差异。"),
    ),
    "same_id_other_body": lambda _data: (
        _("同一次提交的内容前后不一样，第一次的已经记下，这一次没有生效。"),
        _("请刷新页面，看看现在记的是什么，再改。"),
    ),
    "not_a_delivery": lambda data: (
        _("批次 %(number)s 不是送书，没有要收回的书。", number=data["number"]),
        _("请回到批次列表，找到送书的那一批。"),
    ),
    "not_a_return": lambda data: (
        _("批次 %(number)s 不是归还，不能清点入库。", number=data["number"]),
        _("请回到批次列表，找到归还的那一批。"),
    ),
    "closed_already": lambda _data: (_("这条差异已经有人结案了。"), _("请刷新页面看看结果。")),
    "login_known": lambda data: (
        _("用户名 %(login)s 已经有人用了。", login=data["login"]),
        _("请换一个用户名。"),
    ),
    "link_revoked": lambda _data: (_("这位老师的链接已经停用。"), _("要再用，请换一个新链接。")),
    "link_unknown": lambda _data: (_("这位老师还没有链接。"), _("请先生成一个链接。")),
    "form_incomplete": lambda _data: (_("这个页面不完整，没有记下任何东西。"), _("请刷新页面后再办一次。")),
    "point_closed": lambda data: (
        _("服务点 %(code)s 已经关闭，不能再往那里送书。", code=data["code"]),
        _("请另选一个服务点。"),
    ),
    "list_empty": lambda _data: (_("文件是空的，没有一行内容。"), _("请打开它看看，重新导出后再交。")),
    "list_large": lambda data: (
        _("文件太大：最大 %(megabytes)s MB，展开以后也有上限。", **_limits(data, "megabytes")),
        _("请把它拆成几个小一些的文件，一个一个交。"),
    ),
    "list_rows": lambda data: (
        _("行太多：有 %(rows)s 行，一次最多 %(limit)s 行。", **_limits(data, "rows", "limit")),
        _("请把它拆成几个文件，一个一个交。"),
    ),
    "list_columns": lambda data: (
        _("栏太多：有 %(columns)s 栏，最多 %(limit)s 栏。", **_limits(data, "columns", "limit")),
        _("请只留下有用的栏，其余的删掉再交。"),
    ),
    "list_sheets": lambda data: (
        _("表太多：一个文件最多 %(limit)s 张表。", **_limits(data, "limit")),
        _("请只留下有用的表再交。"),
    ),
    "list_broken": lambda _data: (_("文件坏了，打不开。"), _("请在 Excel 里打开，另存为 .xlsx 再交。")),
    "list_locked": lambda _data: (_("文件设了密码，读不了。"), _("请在 Excel 里去掉密码，另存以后再交。")),
    "list_macros": lambda _data: (_("文件里有宏（程序），为了安全没有读。"), _("请另存为不带宏的 .xlsx 再交。")),
    "list_encoding": lambda _data: (
        _("文字编码认不出来，或者它不是清单。"),
        _("请在 Excel 里打开，另存为 .xlsx 或“CSV UTF-8”再交。"),
    ),
    "list_quotes": lambda data: (
        _("第 %(row)s 行的引号没有配对，后面的行连成了一片。", row=data["row"]),
        _("请改好那一行的引号，或另存为 .xlsx 再交。"),
    ),
    "list_web_page": lambda _data: (
        _("这其实是一个网页，只是名字叫 .xls。"),
        _("请在 Excel 里打开它，另存为 .xlsx 再交。"),
    ),
    "list_not_a_table": lambda data: (
        _("这是一个 %(kind)s 文件，不是清单。", kind=data["kind"]),
        _("请交 Excel、CSV 或 TXT 文件。"),
    ),
    "list_needs": lambda data: (
        _("还没有选：%(fields)s。", fields=_("、").join(field_of_list(field) for field in data["missing"])),
        _("请选好哪一栏是它，再检查。"),
    ),
    "list_done": lambda data: (_("“%(name)s”已经办完了。", name=data["name"]), _("要再加，请另交一个文件。")),
    "list_busy": lambda data: (_("“%(name)s”正在加入。", name=data["name"]), _("请等它做完，再看结果。")),
    "list_unchecked": lambda _data: (_("这份清单还没有检查完。"), _("请等检查完，看过结果再加。")),
    "list_not_all_good": lambda data: (
        _("有 %(wrong)s 行有问题，一行也没有加入。", wrong=f"{data['wrong']:,}"),
        _("请改好文件再交，或者选“好的行都加入”。"),
    ),
    "list_nothing_good": lambda _data: (_("没有一行可以加入。"), _("请看每一行的原因，改好文件再交。")),
    "none_of_this_batch": lambda data: (
        _("扫的码没有一个在批次 %(number)s 还没收的书里。", number=data["number"]),
        strange_words(data["network_id"], data["codes"]) or _("请看清批次号再扫。"),
    ),
    "not_all_scanned": lambda data: (
        "".join(
            _("%(box)s扫到 %(scanned)s 册，发来 %(sent)s 册。", box=box_words(box), scanned=scanned, sent=sent)
            for box, scanned, sent in data["boxes"][:NAMED]
        ),
        _("没扫完就接着扫；真的没到，请勾上“没扫到的就是没到”再按一次。"),
    ),
    "plate_known": lambda data: (_("车牌 %(plate)s 已经登记过了。", plate=data["plate"]), _("请在列表里找到它。")),
    "trips_after": lambda data: (
        _("这辆车在那天或以后还出过车：%(number)s。", number=data["number"]),
        _("请把停用日期改晚，或先改那一趟的车。"),
    ),
    "trip_cancelled": lambda data: (
        _("%(number)s 已经取消了，不能再改。", number=data["number"]),
        _("还要出车，请先恢复这一趟。"),
    ),
    "month_closed": lambda data: (
        _("%(month)s 及以前的月份已经封账，那时的出车不能再改。", month=data["month"]),
        _("请改用没有封账的日子。"),
    ),
    "opening_no_sheet": lambda data: (
        _("文件里没有一张认得的表。"),
        _("表名请用：%(sheets)s；可以先下载模板来填。", sheets=data["sheets"]),
    ),
    "opening_sheet_twice": lambda data: (
        _("“%(sheet)s”有两张表。", sheet=data["sheet"]),
        _("请合成一张，或把另一张改名。"),
    ),
    "opening_not_all_good": lambda data: (
        _("有 %(wrong)s 行有问题，什么都没有入账。", wrong=f"{data['wrong']:,}"),
        _("请把这些行改好，另交一次。"),
    ),
    "agreement_known": lambda data: (
        _("编号 %(number)s 已经是另一份协议的。", number=data["number"]),
        _("请换一个编号。"),
    ),
    "agreement_signed": lambda data: (
        _("协议 %(number)s 已经签字，内容不能再改。", number=data["number"]),
        _("新的约定请另签一份协议。"),
    ),
    "agreement_unsigned": lambda data: (
        _("协议 %(number)s 还没有签字。", number=data["number"]),
        _("请先填签订日期。"),
    ),
    "not_overdue": lambda data: (
        _("批次 %(number)s 没有过期未还的书。", number=data["number"]),
        _("请回到批次页看看它的归还日期。"),
    ),
    "template_type": lambda _data: (_("模板要是 Word 的 .docx 文件。"), _("请在 Word 里另存为 .docx，再选一次。")),
    "template_large": lambda _data: (
        _("这个文件太大，不能用作模板。"),
        _("请去掉大图片，存到 2 MB 以内，再选一次。"),
    ),
    "template_broken": lambda _data: (
        _("这个文件打不开，不是完好的 Word 文件。"),
        _("请在 Word 里打开、另存为 .docx，再选一次。"),
    ),
    "template_unsafe": lambda _data: (
        _("这个文件里有宏，或者引用了别的文件，不能用作模板。"),
        _("请在 Word 里新建一个文件，把文字粘贴过去，再选一次。"),
    ),
    "template_unknown": lambda data: (
        _("模板里的占位符“%(named)s”，系统不认识。", named=data["named"]),
        _("请改成下面列出的占位符之一，再选一次。"),
    ),
    "template_program": lambda data: (
        _("模板里的“%(named)s”不是单独一个占位符，不能用。", named=data["named"]),
        _("两个花括号之间只能写下面列出的名字。"),
    ),
    "template_braces": lambda data: (
        _("模板里的占位符“%(named)s”没有写完整。", named=data["named"]),
        _("前后要各有两个英文的花括号，请改好再选一次。"),
    ),
    "busy": lambda _data: (_("现在同时办理的人太多。"), _("请过一会儿再点一次，不会重复记账。")),
}
