"""Errors about earlier terms and years, and about files of readings."""

from branchnet.language import _, month_name
from branchnet.words.said import Words

EARLIER: Words = {
    "windows_overlap": lambda data: (
        _(
            "%(point)s已经报过%(windows)s，和这一段重叠。",
            point=data["point"],
            windows=_("、").join(data["windows"]),
        ),
        _("同一天只能算在一处：请改起止的日子，或不报这一段。"),
    ),
    "earlier_closed": lambda data: (
        _("%(month)s已经封账，这一段还不能补报。", month=month_name(data["month"])),
        _("请有权的人给那个月批一个例外，再报一次。"),
    ),
    "within_earlier": lambda data: (
        _("%(month)s在已经整段报过的学期或年里，不能再单独算。", month=month_name(data["month"])),
        _("要按月算，请先和馆长商量怎样改那一段；不用这一份，就点“不用这一份”。"),
    ),
    "point_twice": lambda _data: (_("这个点有不止一行"), _("一个点一个月只留一行，再存一次。")),
    "no_neighbours": lambda _data: (
        _("这个点那时不对校外开放，不能有校外的数"),
        _("请去掉校外的数；真的开放了，先在服务点的页面上改。"),
    ),
    "paste_empty": lambda _data: (
        _("没有读到哪一行是数。"),
        _("请把群里的接龙整段复制过来，一个服务点一行。"),
    ),
    "nothing_to_enter": lambda _data: (_("没有要存的。"), _("请至少给一行选好服务点。")),
    "readings_no_sheet": lambda _data: (
        _("没有找到“服务点”和“月份”（或“从”“到”）两栏。"),
        _("请下载模板，照它的栏目名改。"),
    ),
    "readings_too_many": lambda data: (
        _("有数的行超过 %(limit)s 行了。", limit=f"{data['limit']:,}"),
        _("请分成几个文件，一次一年。"),
    ),
    "readings_outdated": lambda _data: (_("这一页已经不完整，没有存。"), _("请重新选文件，再查一遍。")),
}
