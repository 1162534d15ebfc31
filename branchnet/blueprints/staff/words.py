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


def step_words(step: str) -> str:
    """A step of a batch's life, as it stands in the list of events."""
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
        "resolved": _("差异结案"),
        "closed": _("结清"),
        "reopened": _("重新打开"),
        "cancelled": _("取消"),
        "reversed": _("撤回一步"),
    }
    return words.get(step, step)


def stage_words(stage: str) -> str:
    """What a list can be narrowed to: the states of batches and three standing questions."""
    words = {
        "draft": _("还在配书"),
        "packed": _("已打包，等发出"),
        "dispatched": _("在路上"),
        "arrived": _("到了，还没清点"),
        "received": _("已签收"),
        "overdue": _("该还没还"),
        "differences": _("有未结差异"),
        "closed": _("已结清"),
        "cancelled": _("已取消"),
    }
    return words.get(stage, stage)


def difference_words(kind: str) -> str:
    """What is different from what was sent."""
    return {"short": _("少了"), "over": _("多了"), "damaged": _("破损")}.get(kind, kind)


def resolution_words(kind: str, resolution: str) -> str:
    """How a difference ends, and what follows from it in the books."""
    words = {
        ("short", "found"): _("找到了，书在服务点"),
        ("short", "lost"): _("丢失，登记在案"),
        ("short", "miscounted"): _("当初少装了，书还在总馆"),
        ("short", "damaged"): _("路上损坏，转待处理"),
        ("over", "surplus"): _("确实多装了，补记入账"),
        ("over", "miscounted"): _("点错了，实际没有多"),
        ("damaged", "damaged"): _("确实破损，转待处理"),
        ("damaged", "found"): _("修好了，继续使用"),
    }
    return words.get((kind, resolution), resolution)


def ending_words(resolution: str) -> str:
    """How a difference ended, in one word, as it stands in the list of events."""
    words = {
        "found": _("找到了"),
        "lost": _("丢失"),
        "damaged": _("破损"),
        "miscounted": _("点错了"),
        "surplus": _("多装了"),
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
