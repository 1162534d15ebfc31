"""What staff call the kinds, steps and differences of batches, and the kinds of points."""

from branchnet.language import _


def kind_words(kind: str) -> str:
    """The kind of a batch."""
    words = {
        "opening": _("期初"),
        "accession": _("入藏"),
        "allocation": _("分配"),
        "delivery": _("送书"),
        "rotation": _("轮换"),
        "return": _("归还"),
        "withdrawal": _("注销"),
    }
    return words.get(kind, kind)


def terms_explained(terms: str) -> str:
    """On which terms books are handed over: they stay the library's, or they are given away."""
    return {"deposit": _("寄存，书还是馆里的"), "gift": _("赠送，书归对方")}.get(terms, terms)


def owner_words(owner: str) -> str:
    """Whose property a copy is."""
    words = {"central": _("总馆"), "school": _("学校"), "book_house": _("农家书屋"), "gift": _("受赠")}
    return words.get(owner, owner)


def goods_words(kind: str) -> str:
    """What goes along with books and is none."""
    words = {
        "equipment": _("设备家具"),
        "stationery": _("文具"),
        "clothes": _("衣物"),
        "toys": _("玩具"),
        "audiovisual": _("音像制品"),
        "other": _("其他物品"),
    }
    return words.get(kind, kind)


def step_words(step: str, kind: str = "") -> str:
    """A step of a batch's life, as it stands in the list of events; a return is counted onto the shelf."""
    if kind == "return" and step == "received":
        return _("清点上架")
    words = {
        "drafted": _("新建"),
        "packed": _("打包"),
        "unpacked": _("拆开重配"),
        "dispatched": _("发出"),
        "arrived": _("到了，没清点"),
        "received": _("签收"),
        "counted_in": _("归还点数"),
        "scanned": _("过电脑"),
        "restocked": _("清点入库"),
        "recalled": _("追回其余"),
        "announced": _("提前告知"),
        "extended": _("改了应还日期"),
        "resolved": _("差异结案"),
        "resettled": _("改结清哪批"),
        "closed": _("结清"),
        "reopened": _("重新打开"),
        "cancelled": _("取消"),
        "reversed": _("撤回一步"),
    }
    return words.get(step, step)


def verb_words(verb: str) -> str:
    """What an entry of the ledger did."""
    words = {
        "opening": _("期初入账"),
        "accession": _("入藏"),
        "dispatch": _("发出"),
        "receive": _("签收"),
        "scan": _("过电脑"),
        "restock": _("清点入库"),
        "recall": _("追回"),
        "cancel": _("取消"),
        "resolve": _("差异结案"),
        "dispose": _("按处置单注销"),
        "found_again": _("注销后找回"),
        "repair": _("修补"),
    }
    return words.get(verb, verb)


def box_of_batch_words(box: int) -> str:
    """The count of a box; 0 is what lay loose."""
    return _("第 %(box)d 箱的清点", box=box) if box else _("散放的书的清点")


def stage_words(stage: str) -> str:
    """How far a batch has come, and what a list can be narrowed to besides: standing questions."""
    words = {
        "draft": _("还在配书"),
        "packed": _("已打包，等发出"),
        "dispatched": _("在路上"),
        "arrived": _("到了，还没清点"),
        "received": _("已签收"),
        "slow": _("在路上太久"),
        "fetch": _("7 天内该收回"),
        "overdue": _("该还没还"),
        "late": _("该还没还"),
        "there": _("还在服务点"),
        "collected": _("已收回"),
        "restock": _("在整理间，等入库"),
        "differences": _("有未结差异"),
        "closed": _("已结清"),
        "cancelled": _("已取消"),
    }
    return words.get(stage, stage)


def difference_words(kind: str) -> str:
    """What is different from what was sent."""
    return {"short": _("少了"), "over": _("多了"), "damaged": _("破损")}.get(kind, kind)


def resolution_words(kind: str, resolution: str, batch: str = "") -> str:
    """How a difference of a kind of batch ends, and what follows from it in the books."""
    if batch == "return" and (kind, resolution) in (told := _coming_back()):
        return told[kind, resolution]
    words = {
        ("short", "found"): _("找到了，书在服务点"),
        ("short", "lost"): _("丢失，登记在案"),
        ("short", "miscounted"): _("当初少装了，书还在总馆"),
        ("short", "damaged"): _("坏了不能用，转待处置"),
        ("short", "worn"): _("自然损耗，转待处置"),
        ("over", "surplus"): _("确实多装了，补记入账"),
        ("over", "miscounted"): _("点错了，实际没有多"),
        ("damaged", "damaged"): _("确实破损，转待处置"),
        ("damaged", "found"): _("修好了，继续使用"),
        ("damaged", "repaired"): _("送修，进总馆整理间"),
        ("damaged", "miscounted"): _("不算了：书没有送到，或那次清点撤回了"),
    }
    return words.get((kind, resolution), resolution)


def _coming_back() -> dict[tuple[str, str], str]:
    """What ends otherwise where books came back: they were sent by a point, and are found at the library."""
    return {
        ("short", "found"): _("找到了，书在总馆"),
        ("short", "miscounted"): _("没收回来，书还在服务点"),
    }


def outcome_words(outcome: str) -> str:
    """What became of a book that is not ours."""
    return {"given_back": _("还给人家了"), "kept": _("人家同意留下"), "ours": _("查明是本馆的")}.get(outcome, outcome)


def short_words(resolution: str) -> str:
    """How copies ended that should have come back from a point and did not."""
    words = {
        "found": _("找到了，书还在那里"),
        "lost": _("丢失，登记在案"),
        "miscounted": _("点错了，没有少"),
        "damaged": _("坏了，转待处置"),
    }
    return words.get(resolution, ending_words(resolution))


def ending_words(resolution: str) -> str:
    """How a difference ended, in one word, as it stands in the list of events."""
    words = {
        "found": _("找到了"),
        "lost": _("丢失"),
        "damaged": _("破损"),
        "miscounted": _("点错了"),
        "surplus": _("多装了"),
        "repaired": _("送修"),
        "worn": _("自然损耗"),
    }
    return words.get(resolution, resolution)


def point_kind_words(kind: str) -> str:
    """The kind of a service point."""
    words = {
        "branch": _("分馆"),
        "mobile_point": _("流动服务点"),
        "delivery_school": _("送书学校"),
        "mobile_stop": _("流动图书车停靠点"),
        "book_house": _("农家书屋"),
    }
    return words.get(kind, kind)


def terms_words(terms: str) -> str:
    """On what terms a batch goes: it stays the library's, or it does not."""
    return {"deposit": _("寄存"), "gift": _("赠送")}.get(terms, terms)


def quality_words(quality: str) -> str:
    """How the number of copies is known."""
    words = {"exact": _("点过数"), "at_least": _("不少于这个数（余）"), "estimated": _("估计的数")}
    return words.get(quality, quality)


def move_words(reason: str) -> str:
    """Why a copy moved, as it stands in its life."""
    words = {
        "opening": _("期初入账"),
        "accession": _("入藏"),
        "dispatch": _("发出"),
        "receive": _("签收"),
        "scan": _("过电脑"),
        "restock": _("清点入库"),
        "reversal": _("撤回"),
        "recall": _("追回"),
        "found": _("找到了"),
        "lost": _("丢失"),
        "damaged": _("破损"),
        "miscounted": _("点错了"),
        "surplus": _("多装了"),
        "repaired": _("送修"),
        "mended": _("修好了"),
        "beyond_repair": _("修不好"),
        "worn": _("自然损耗"),
        "withdrawn": _("处置，注销"),
        "found_again": _("找回来了"),
        "handed_over": _("移交另一个馆"),
    }
    return words.get(reason, reason)


def host_words(host: str) -> str:
    """Who a point stands with."""
    words = {
        "primary_school": _("小学"),
        "middle_school": _("中学"),
        "kindergarten": _("幼儿园"),
        "special_school": _("特殊教育学校"),
        "county_library": _("县级图书馆"),
        "township_station": _("乡镇文化站"),
        "village": _("村"),
        "residential": _("社区"),
    }
    return words.get(host, host)


def standing_words(standing: str) -> str:
    """Where an agreement stands."""
    words = {
        "unsigned": _("还没签"),
        "coming": _("还没开始"),
        "in_force": _("有效"),
        "running_out": _("快到期"),
        "ended": _("已到期"),
    }
    return words.get(standing, standing)
