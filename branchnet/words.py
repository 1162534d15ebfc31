"""Errors in words: what is wrong, with which copy, box or field, and what to do."""

from collections.abc import Callable
from datetime import date
from typing import Any

from branchnet import clock
from branchnet.errors import BranchNetError
from branchnet.language import _
from branchnet.points.queries import names_of_places
from branchnet.stock.queries import Standing, Whereabouts

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
        "from_before": _("书还不在账上，请先勾选“原来就有，一并记入”。"),
        "boxes": _("箱数请填 1 到 500 之间的整数。"),
        "goods_name": _("请填物品名称，最多 100 个字。"),
        "goods_unit": _("请填单位，最多 10 个字，例如：台、个、一批。"),
        "more_damaged": _("破损的册数不能超过清点到的册数。"),
        "more_lost": _("丢失的册数不能超过还在路上的册数。"),
        "due_before": _("归还日期不能早于这一批的日期。"),
        "barcode_long": _("条码最多 40 个字符，请检查是否连着扫了两次。"),
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
        "resolution": _("这种差异不能这样结案。"),
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
    return _("；").join(_standing(found, standing) for standing in found.places)


def _standing(found: Whereabouts, standing: Standing) -> str:
    place = names_of_places(found.network_id, [standing.place_id], clock.now().date()).get(
        standing.place_id, place_words(standing.kind)
    )
    since = standing.since.isoformat()
    if standing.batch is None:
        return _("从 %(since)s 起在 %(place)s", since=since, place=place)
    return _("从 %(since)s 起在 %(place)s（批次 %(batch)s）", since=since, place=place, batch=standing.batch)


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
    now = lot["now"]
    return (
        _(
            "《%(title)s》%(barcode)s 不在这里：%(now)s。",
            title=now.title,
            barcode=now.barcode or "",
            now=whereabouts_words(now),
        ),
        _("请把这一本拿出来，或先查清它在哪里。其余的行都还在。"),
    )


def _listed(data: dict[str, Any]) -> Said:
    return (
        _(
            "《%(title)s》%(barcode)s 已经在批次 %(number)s 里。",
            **{k: data[k] for k in ("title", "barcode", "number")},
        ),
        _("不用再扫；要换批次，请先从那一批里拿掉。"),
    )


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


def _fields(data: dict[str, Any]) -> Said:
    reasons = [field_words(reason) for reason in data.get("fields", {}).values()]
    return " ".join(reasons) or _("有一项填得不对。"), _("请返回上一页改好再交；填过的内容都还在。")


WORDS: dict[str, Callable[[dict[str, Any]], Said]] = {
    "not_found": lambda _data: (_("没有找到。"), _("它可能不在您的服务网络里，请回到首页再找。")),
    "forbidden": lambda _data: (_("您的岗位不能做这一步。"), _("需要的话，请找管理员开通。")),
    "sign_in_needed": lambda _data: (_("请先登录。"), _("登录后会回到这一页。")),
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
        _("请再扫一次；确实是馆里的书，请先登记入藏。"),
    ),
    "lot_unknown": lambda _data: (_("没有找到这批书。"), _("请从列表里重新选。")),
    "box_unknown": lambda data: (
        _("第 %(box)s 箱不在这一批里，或者已经清点过。", box=data["box"]),
        _("请看清箱号再填。"),
    ),
    "in_this_batch": _listed,
    "in_other_batch": _listed,
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
