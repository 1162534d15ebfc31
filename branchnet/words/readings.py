"""Errors about what was reported and what is said of it."""

from branchnet.language import _, month_name
from branchnet.words.said import Words

READINGS: Words = {
    "not_plausible": lambda _data: (
        _("有的数和平常不一样，还没有记下。"),
        _("请看一看：对就照报，不对就改。"),
    ),
    "reading_changed": lambda _data: (
        _("这一份后面又来了新的数。"),
        _("请刷新页面，看最新的一份再定。"),
    ),
    "reading_decided": lambda _data: (
        _("这一份已经处理过了。"),
        _("可能有人先办了。请刷新页面看看。"),
    ),
    "lesson_empty": lambda _data: (
        _("两个数都空着，没有记下。"),
        _("请填一个数再点。"),
    ),
    "lesson_gone": lambda _data: (
        _("这一条已经去掉了。"),
        _("不用再点。"),
    ),
    "not_asked": lambda _data: (
        _("馆里现在没有问这个月的数。"),
        _("要改数，直接改了报上去就行。"),
    ),
    "still_closed": lambda data: (
        _("%(month)s已经封账，这一份现在不能用。", month=month_name(data["month"])),
        _("请有权限的人先批一个例外，再用上它。"),
    ),
}
