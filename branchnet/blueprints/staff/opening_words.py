"""What staff read about a ledger that is brought in: what is wrong with a row, and what to do."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from branchnet.batches.lists.queries import ListHead
from branchnet.blueprints.staff.list_words import list_state_words, problem_words
from branchnet.language import _
from branchnet.words import field_of_list
from branchnet.words.places import misplaced_words


def ledger_field(field: str) -> str:
    """What a column of a ledger holds."""
    words = {
        "code": _("编号"),
        "point": _("服务点"),
        "kind": _("类型"),
        "host": _("设在哪里"),
        "town": _("乡镇"),
        "lat": _("纬度"),
        "lon": _("经度"),
        "datum": _("坐标系"),
        "opened_on": _("开放日期"),
        "community": _("向校外开放"),
        "pupils": _("学生人数"),
        "teacher": _("老师"),
        "phone": _("电话"),
        "sent_on": _("送书日期"),
        "due_back_on": _("应还日期"),
        "quality": _("准不准（余/估）"),
    }
    return words.get(field) or field_of_list(field)


def ledger_problem(told: Sequence[Any]) -> str:
    """What is wrong or strange with a row; `told` is a problem as it is kept: code, field, value, facts."""
    code, field, value, *facts = told
    if code == "required":
        return _("%(field)s空着，请填写。", field=ledger_field(field))
    if code in ("not_a_number", "too_large") and field == "pupils":
        return _("学生人数要填整数。")
    said = _SAID.get(code)
    return said(value, facts) if said else problem_words(told, {})


def ledger_state_words(head: ListHead) -> str:
    """Where a ledger stands: books of a ledger are taken in (入账), and one with a row that is wrong cannot be."""
    wrong = head.summary.get("wrong", 0)
    if head.state == "checked":
        return _("检查过，%(wrong)s 行有问题", wrong=f"{wrong:,}") if wrong else _("检查过，还没入账")
    return _("入账了") if head.state == "applied" else list_state_words(head.state)


def sums_quality(row: Mapping[str, Any]) -> str:
    """How well the sums of a place are known, where they are not exact: 在架 余，未还送书 估."""
    short = {"at_least": _("余"), "estimated": _("估")}
    # Sheets made before the two were told apart know the sum of both alone.
    parts = [(_("在架"), row.get("standing_quality", row["quality"])), (_("未还送书"), row.get("out_quality", "exact"))]
    return _("，").join(f"{part} {short[quality]}" for part, quality in parts if quality in short)


def template_notes(words: Mapping[str, Sequence[str]]) -> dict[tuple[str, str], str]:
    """What belongs into a column of the empty workbook, by sheet (empty: of any) and field; ``words`` by field."""
    listed = {field: _("、").join(choices) for field, choices in words.items()}
    return {
        ("", "code"): _("服务点的编号，像 FG-01。没有编号可以空着，系统会编一个；同名的服务点要各写编号。"),
        ("", "point"): _("服务点的全名，和“服务点”表或账上一样。总馆的书写“总馆书架”。"),
        ("points", "point"): _("服务点的全名，例如：红庙子小学分馆。"),
        ("copies", "point"): _("这本书现在在哪里：服务点的全名，例如：红庙子小学分馆；在总馆的写“总馆书架”。"),
        ("", "kind"): _("新服务点要写，从这几种里选：%(words)s。", words=listed["kind"]),
        ("", "host"): _("设在什么单位里，从这几种里选：%(words)s。不知道可以空着。", words=listed["host"]),
        ("", "lon"): _("度数，例如 110.3594；经度、纬度要么都填，要么都空着。"),
        ("", "lat"): _("度数，例如 21.2707。"),
        ("", "datum"): _(
            "经纬度从哪里抄来的：%(words)s。手机 GPS 写 WGS84。空着的话，位置可能差几百米。", words=listed["datum"]
        ),
        ("", "opened_on"): _("例如 2021-09-01；空着就从期初日算起。"),
        ("", "community"): _("校外的人能不能来借：写 是 或 否；空着算 否。"),
        ("", "quantity"): _("例如 300；也可以写 4,900余 或 约300。"),
        ("", "quality"): _("点过数的空着；不少于这个数写 余；估计的数写 估。"),
        ("", "sent_on"): _("例如 2025-03-05。"),
        ("", "due_back_on"): _("例如 2025-06-05；空着就按平常的期限。"),
    }


Said = Callable[[str, list[Any]], str]

_SAID: dict[str, Said] = {
    "opening_columns": lambda value, _facts: _("这张表没有认出这几栏：%(heads)s。请照模板写栏目名。", heads=value),
    "opening_sheet_unknown": lambda value, _facts: _("“%(name)s”不是台账里的表，没有读。", name=value),
    "opening_column_unknown": lambda value, _facts: _("栏目“%(head)s”没有认出来，没有用。", head=value),
    "opening_column_twice": lambda value, _facts: _("栏目“%(head)s”和别的栏说的是同一件事，没有用。", head=value),
    "opening_long": lambda value, facts: _("“%(value)s”太长，最多 %(limit)s 个字。", value=value, limit=facts[0]),
    "point_unknown": lambda value, _facts: _(
        "没有“%(name)s”这个服务点。请在“服务点”表里加一行，或改成账上的名称。", name=value
    ),
    "point_row_wrong": lambda value, facts: _(
        "“%(name)s”在“服务点”表第 %(row)s 行，那一行有问题，请先改好它。", name=value, row=facts[0]
    ),
    "points_unread": lambda value, _facts: _(
        "“服务点”表的栏目没有认出来，“%(name)s”还找不到，请先改好那张表。", name=value
    ),
    "point_many": lambda value, facts: _(
        "叫“%(name)s”的服务点不止一个（编号 %(codes)s），请写编号。", name=value, codes=facts[0]
    ),
    "point_twice": lambda value, _facts: _(
        "“%(name)s”写了不止一行：同名的服务点要各写编号，重复的请删掉。", name=value
    ),
    "point_code_twice": lambda value, _facts: _("编号 %(code)s 写了不止一行，请删掉重复的。", code=value),
    "point_code": lambda _value, _facts: _("编号只用字母、数字和短横，最多 20 个字符。"),
    "point_other_name": lambda value, facts: _(
        "编号 %(code)s 在账上是“%(known)s”，这里写的是“%(name)s”，请查清是哪一个。",
        code=facts[0],
        known=facts[1],
        name=value,
    ),
    "point_other_code": lambda _value, facts: _(
        "账上已有同名的服务点，编号 %(code)s。是同一个就写这个编号；另有一个同名的，请先在“登记服务点”里登记。",
        code=facts[0],
    ),
    "point_closed": lambda value, facts: _("“%(name)s”在 %(day)s 已经关闭。", name=value, day=facts[0]),
    "point_kind": lambda value, _facts: _(
        "类型“%(value)s”看不懂，请写 分馆、流动服务点、送书学校、流动图书车停靠点 或 农家书屋。", value=value
    ),
    "point_host": lambda value, _facts: _(
        "设在“%(value)s”看不懂，请写 小学、中学、幼儿园、特殊教育学校、县级图书馆、乡镇文化站、村 或 社区，或留空。",
        value=value,
    ),
    "datum": lambda value, _facts: _("坐标系“%(value)s”看不懂，请写 WGS84、天地图、高德、腾讯 或 百度。", value=value),
    "datum_unknown": lambda _value, _facts: _("没有写坐标系，位置可能差几百米，图上标明是大约的。"),
    "degrees": lambda value, _facts: _(
        "经纬度“%(value)s”看不懂，请填度数，两个都要填，例如 21.2707 和 110.3594。", value=value
    ),
    "degrees_swapped": lambda value, _facts: _("经纬度好像写反了：%(value)s 写在纬度里。请对调。", value=value),
    "position_elsewhere": lambda _value, facts: misplaced_words("position_elsewhere", facts),
    "position_not_own": lambda _value, facts: misplaced_words("position_not_own", facts),
    "yes_no": lambda value, _facts: _("“%(value)s”看不懂，请写 是 或 否。", value=value),
    "quality": lambda value, _facts: _("“准不准（余/估）”写的“%(value)s”看不懂，请写 余、估，或留空。", value=value),
    "date": lambda value, _facts: _("日期“%(value)s”看不懂，请写成 2025-03-05。", value=value),
    "opened_after": lambda value, facts: _("开放日期 %(value)s 在期初日 %(day)s 之后。", value=value, day=facts[0]),
    "opened_unknown": lambda _value, facts: _("没有写开放日期，从期初日 %(day)s 算起。", day=facts[0]),
    "opened_already": lambda _value, facts: _("这里已经有期初批次 %(number)s，不能再记一次。", number=facts[0]),
    "town_unknown": lambda value, _facts: _("村镇名录里没有“%(name)s”，没有记乡镇。", name=value),
    "town_many": lambda value, _facts: _("村镇名录里不止一个“%(name)s”，没有记乡镇。", name=value),
    "sent_after": lambda value, facts: _(
        "送书日期 %(value)s 在期初日 %(day)s 之后，请在“新建批次”里记。", value=value, day=facts[0]
    ),
    "due_before": lambda _value, _facts: _("应还日期早于送书日期。"),
    "delivery_known": lambda _value, facts: _(
        "账上已有这一天送到这里的批次 %(number)s，不能再记一次。", number=facts[0]
    ),
}
