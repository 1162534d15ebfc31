"""Errors about the calendar, and about months that are closed or opened again."""

from branchnet.language import _, month_name
from branchnet.words.said import Words

MONTHS: Words = {
    "period_overlaps": lambda data: (
        _(
            "“%(name)s”和已有的“%(other)s”（%(first)s 到 %(last)s）重叠。",
            name=data["name"],
            other=data["other"],
            first=data["first_on"].isoformat(),
            last=data["last_on"].isoformat(),
        ),
        _("请改日期，或先改已有的那一个。"),
    ),
    "month_not_closed": lambda data: (
        _("%(month)s还没有封账，不用例外。", month=month_name(data["month"])),
        _("直接补报、补记就行。"),
    ),
    "excepted_already": lambda data: (
        _(
            "%(month)s已经有同样的例外，到 %(until)s 为止。",
            month=month_name(data["month"]),
            until=data["until"].isoformat(),
        ),
        _("要改日期，先结束它，再批一次。"),
    ),
    "exception_over": lambda data: (
        _("%(month)s的这个例外已经结束了。", month=month_name(data["month"])),
        _("还要用，请再批一次。"),
    ),
    "month_not_reported": lambda _data: (
        _("这个月没有数要报。"),
        _("还没到的月份、开点以前的月份都不用报。请在您的服务点上选一个月。"),
    ),
    "came_meanwhile": lambda _data: (
        _("您填的时候，又来了新的数，还没有记下。"),
        _("新来的写在下面，您填的都还在。核对以后再按一次，就用您填的。"),
    ),
    "closed_to_entry": lambda _data: (
        _("这个月已经封账，没有记下。"),
        _("请有权限的人先在“封账和例外”里批一个例外，再填。"),
    ),
}
