"""Errors about agreements, templates, papers and trips."""

from branchnet.language import _
from branchnet.words.said import Words

PAPERS: Words = {
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
        _("它的归还日期写在批次页上。"),
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
    "template_empty": lambda _data: (
        _("这个文件里没有占位符，每一份协议都会一样。"),
        _("请在要填的地方写上下面列出的占位符，再选一次。"),
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
    "plate_known": lambda data: (_("车牌 %(plate)s 已经登记过了。", plate=data["plate"]), _("请在列表里找到它。")),
    "trips_after": lambda data: (
        _("这辆车在那天或以后还出过车：%(number)s。", number=data["number"]),
        _("请把停用日期改晚，或先改那一趟的车。"),
    ),
    "trip_cancelled": lambda data: (
        _("%(number)s 已经取消了，不能再改。", number=data["number"]),
        _("还要出车，请先恢复这一趟。"),
    ),
    "changed_since": lambda data: (
        _("%(number)s 有人刚改过，和您打开时看到的不一样了。", number=data["number"]),
        _("现在记的列在下面；您填的都还在，看清以后再交一次就按您填的记。"),
    ),
    "month_closed": lambda data: (
        _("%(month)s 及以前的月份已经封账，那时的出车不能再改。", month=data["month"]),
        _("请改用没有封账的日子。"),
    ),
}
"""Errors about what is printed and signed, and about trips."""
