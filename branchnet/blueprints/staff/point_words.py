"""What staff call the steps of a point's life, and what each form for one is called."""

from branchnet.blueprints.staff.community_words import position_status
from branchnet.blueprints.staff.words import point_kind_words
from branchnet.language import _
from branchnet.points.datum import Datum
from branchnet.points.life.queries import Located


def life_words(step: str) -> str:
    """A step, as it stands in the history."""
    words = {
        "opened": _("开放"),
        "renamed": _("改名"),
        "name_corrected": _("更正名称"),
        "kind_changed": _("改了类型"),
        "moved": _("搬迁"),
        "move_taken_back": _("撤回搬迁"),
        "located": _("改正位置"),
        "area": _("所在的村、社区改了代码"),
        "enrolment_changed": _("学生人数变了"),
        "openness_changed": _("对校外的开放变了"),
        "paused": _("临时闭馆"),
        "resumed": _("恢复开放"),
        "closed": _("关闭"),
        "reopened": _("重新开放"),
        "merged": _("合并"),
    }
    return words.get(step, step)


def life_note(step: str, said: str | None) -> str:
    """What is said beside a step; a kind and for whom it is open are kept as codes."""
    note = said or ""
    words = {
        "kind_changed": lambda: point_kind_words(note),
        "enrolment_changed": lambda: _("%(pupils)s 名", pupils=note),
        "openness_changed": lambda: community_words(note == "community"),
    }.get(step)
    return note if words is None else words()


def located_note(one: Located) -> str:
    """Where it was said to stand, and where it does."""
    none, quality = _("没有位置"), position_status(one.quality)[0]
    if one.now is None:
        return quality
    return f"{one.was or none} → {one.now} {quality}"


def community_words(is_open: bool) -> str:
    """Whether neighbours may come too."""
    return _("也向校外的人开放") if is_open else _("不向校外的人开放")


def change_words(change: str) -> tuple[str, str]:
    """What the button for a change is called, and what it means."""
    words = {
        "open": (_("开放"), _("登记时还没有开放，现在开放了。")),
        "rename": (_("改名：从某天起叫……"), _("以前的月份和单据仍叫原来的名字。")),
        "correct-name": (_("写错了：一直都该叫……"), _("以前的月份也一起改正，封了账的也改。")),
        "kind": (_("改类型"), _("例如流动服务点升成分馆；以前的月份仍算原来的类型。")),
        "move": (_("搬迁"), _("从某天起在别处；以前的月份仍在原来的位置。")),
        "take-back-move": (
            _("撤回这次搬迁"),
            _("没有搬过，记错了：从那天起仍在原来的位置，那天以后的月份重新算。两步都留在变动里。"),
        ),
        "locate": (_("改正位置"), _("没有搬，只是位置没有填或记错了；以前的月份也按改正的位置画。")),
        "pupils": (_("改学生人数"), _("从某天起有这么多学生；以前的月份仍算原来的人数。")),
        "community": (_("改对校外的开放"), _("从某天起校外的人能不能来；以前的月份仍照原来的报。")),
        "pause": (_("临时闭馆"), _("关一阵子还会再开；这些天不算开放，开放太少的月份不用报。")),
        "resume": (_("恢复开放"), _("临时闭馆到此为止。")),
        "close": (_("关闭这个点"), _("不再往那里送书；那里的书可以慢慢收，收完以前一直列着。")),
        "reopen": (_("重新开放"), _("关闭过，又开了；中间的日子算临时闭馆。")),
        "merge": (_("并入另一个点"), _("这个点关闭，书和路上的批次都归另一个点；各自的过去不变。")),
    }
    return words[change]


def verb_words(change: str) -> str:
    """What the button of a change's form does."""
    words = {
        "open": _("记下开放"),
        "rename": _("改名"),
        "correct-name": _("改正名称"),
        "kind": _("改类型"),
        "move": _("记下搬迁"),
        "take-back-move": _("撤回这次搬迁"),
        "locate": _("改正位置"),
        "pupils": _("记下学生人数"),
        "community": _("记下开放对象"),
        "pause": _("临时闭馆"),
        "resume": _("恢复开放"),
        "close": _("关闭这个点"),
        "reopen": _("重新开放"),
        "merge": _("合并这两个点"),
    }
    return words[change]


def stage_of_point_words(stage: str) -> tuple[str, str]:
    """How a point stands, and the shape that says so too."""
    words = {
        "unopened": (_("还没有开放"), "ring"),
        "open": (_("开放"), "done"),
        "paused": (_("临时闭馆"), "half"),
        "closed": (_("已关闭"), "dash"),
    }
    return words[stage]


def datum_words() -> list[tuple[str, str]]:
    """What degrees may be measured on, by where people read them."""
    return [
        (Datum.WGS84.value, _("手机指南针、GPS（WGS-84）")),
        (Datum.GCJ02.value, _("高德、腾讯地图（GCJ-02）")),
        (Datum.BD09.value, _("百度地图（BD-09）")),
        (Datum.CGCS2000.value, _("天地图（CGCS2000）")),
    ]
