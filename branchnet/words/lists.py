"""Errors about lists from files and about the ledger of years before."""

from typing import Any

from branchnet.language import _
from branchnet.words.said import Words


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


LISTS: Words = {
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
    "opening_no_sheet": lambda data: (
        _("文件里没有一张认得的表。"),
        _("表名请用：%(sheets)s；可以先下载模板来填。", sheets=data["sheets"]),
    ),
    "opening_sheet_twice": lambda data: (
        _("“%(sheet)s”有两张表。", sheet=data["sheet"]),
        _("请合成一张，或把另一张改名。"),
    ),
    "opening_taken_in": lambda data: (
        _("这本台账已经入账了（%(name)s），不用再交。", name=data["name"]),
        _("要补别的点，请只把没有入账的行另存一个文件再交。"),
    ),
    "opening_not_all_good": lambda data: (
        _("有 %(wrong)s 行有问题，什么都没有入账。", wrong=f"{data['wrong']:,}"),
        _("请把这些行改好，另交一次。"),
    ),
}
"""Errors about files with rows."""
