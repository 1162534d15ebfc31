"""What the library's own agreement template may ask for. Named in Chinese: it is typed into Word by its clerks."""

from dataclasses import dataclass
from datetime import date

from branchnet.batches.papers.notes import BLANK
from branchnet.batches.papers.rules import plain
from branchnet.language import _, day_name
from branchnet.points.agreements import AgreementRow


@dataclass(frozen=True, slots=True)
class Parties:
    """Whom an agreement is between: the library, and a point by name and code."""

    library: str
    point: str
    code: str


def placeholders() -> dict[str, str]:
    """Every placeholder, and what stands there when it is filled in."""
    return {
        "编号": _("协议编号"),
        "甲方": _("图书馆的全名"),
        "乙方": _("服务点的全名"),
        "乙方编号": _("服务点的编号"),
        "起始日期": _("协议从哪一天起有效"),
        "截止日期": _("协议最后一天；长期有效的写“长期”"),
        "期限": _("从哪一天到哪一天"),
        "送书天数": _("一批送书放多少天"),
        "损耗": _("允许的自然损耗，千分之几"),
        "签订日期": _("签订那一天；还没有签的留空，手写"),
        "今天": _("打印那一天"),
    }


def filled(agreement: AgreementRow, parties: Parties, stay_days: int, today: date) -> dict[str, str]:
    """The words of an agreement by placeholder. ``stay_days``: the network's own, where nothing else is agreed."""
    begins = day_name(agreement.valid_from)
    ends = day_name(agreement.valid_until) if agreement.valid_until else _("长期")
    wear = agreement.allowance_permille
    words = {
        "编号": agreement.number,
        "甲方": parties.library,
        "乙方": parties.point,
        "乙方编号": parties.code,
        "起始日期": begins,
        "截止日期": ends,
        "期限": _("%(begins)s起，%(ends)s", begins=begins, ends=ends)
        if agreement.valid_until is None
        else _("%(begins)s至%(ends)s", begins=begins, ends=ends),
        "送书天数": str(agreement.stay_days or stay_days),
        "损耗": BLANK if wear is None else f"{wear}‰",
        "签订日期": day_name(agreement.signed_on) if agreement.signed_on else _("　　　　年　　月　　日"),
        "今天": day_name(today),
    }
    return {name: plain(text) for name, text in words.items()}
