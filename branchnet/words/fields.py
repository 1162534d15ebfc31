"""What is wrong with a field, beside which it stands."""

from datetime import date

from branchnet.language import _


def field_words(reason: str, earliest: date | None = None) -> str:
    """What is wrong with one field; ``earliest``: the first day that can stand there."""
    if earliest is not None and reason in ("too_early", "month_locked", "before_opening", "sent_since"):
        return _no_earlier(reason, earliest)
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
        "phone_letters": _("电话里不能有字母。"),
        "phone_long": _("电话最多 20 个字符。"),
        "login_long": _("用户名最多 60 个字符。"),
        "same_place": _("出发和送达不能是同一个地方。"),
        "password_short": _("密码至少 8 个字符。"),
        "copies_to_name": _("请写明是哪几册，册数要与差异相同。"),
        "not_a_number": _("请填整数。"),
        "too_large": _("这个数太大了，请检查是否多打了一位。"),
        "not_open_has_numbers": _("没有开放的月份不能再填数字。"),
        "days": _("开放天数不能超过这个月的天数。"),
        "note_too_long": _("备注最多 200 个字。"),
        "note_personal": _("这里不能写电话或身份证号，请删去后再交。"),
        "month": _("请选一个已经开始的月份。"),
        "kind": _("请从列表里选。"),
        "plate_long": _("车牌最多 20 个字符。"),
        "vehicle_name_long": _("车名最多 60 个字。"),
        "not_in_service": _("这辆车那天没有在用，请换一辆，或改车辆登记。"),
        "too_many_km": _("这个里程太大了，请填这一趟开了多少公里，不是里程表上的数。"),
        "dates": _("结束的日子早于开始的日子。"),
        "rest_to_count": _("这一箱还有没条码的书，请填点到多少册；一册也没有就填 0。"),
        "counted_before": _("有的箱子已经清点过了，这一页是旧的。下面是还没清点的，请看清再收。"),
        "broken_too_many": _("破了的不能比数出来的还多，请再数一次。"),
        "resolution": _("这种差异不能这样结案。"),
        "point_name_long": _("名称最多 100 个字。"),
        "point_code": _("编号只用字母、数字和短横，最多 20 个字符。"),
        "code_known": _("这个编号已经是另一个服务点的，请换一个。"),
        "degrees": _("请填度数，例如纬度 21.2707、经度 110.3594，两个都要填。"),
        "degrees_swapped": _("经纬度好像写反了，请对调。"),
        "file_missing": _("请先选一个文件。"),
        "field_twice": _("前面已经有一栏当作它了，请另选。"),
        "heading_row": _("栏目名要在前 30 行里，没有就填 0。"),
        "number_long": _("编号最多 40 个字。"),
        "archive_long": _("档号最多 60 个字。"),
        "photos_at_long": _("存放的地方最多 100 个字。"),
        "permille": _("千分之几，请填 0 到 1000。"),
        "until_before": _("最后一天不能早于第一天。"),
        "approval_long": _("批准文号最多 60 个字。"),
        "word_long": _("这句话太长了，请写短一些。"),
        "no_amount": _("书找到了或者没有少，就没有赔偿；请把金额删去。"),
        "until_later": _("签过字的期限只能提前结束；要延长，请另签一份。"),
        "nothing_out": _("选的批次没有书在这个点。"),
        "no_batch_chosen": _("请至少勾选一批。"),
        "whose_long": _("归谁所有最多 100 个字。"),
        "settled_beyond_line": _("这些书一共没有收走这么多。"),
        "settled_beyond_brought": _("这一批没有送来这么多，或者别的归还已经结清了。"),
        "name_same": _("那天就已经叫这个名字了。"),
        "until_first": _("再开的日子要晚于关门的那天。"),
        "successor_itself": _("请选另一个服务点。"),
        "successor_closed": _("那个服务点那天没有开放，请另选一个。"),
    }
    return words.get(reason, _("请检查这一项。"))


def _no_earlier(reason: str, earliest: date) -> str:
    """A day that lies too early, why, and the first one that can stand there."""
    day = earliest.isoformat()
    words = {
        "month_locked": _("那个月已经封账，最早可以填 %(day)s。", day=day),
        "before_opening": _("这个服务点 %(day)s 才开始，请填那天或更晚。", day=day),
        "sent_since": _("那天以后还往那里送过书，最早可以填 %(day)s。", day=day),
    }
    return words.get(reason, _("这一天太早，最早可以填 %(day)s。", day=day))
