"""The columns of a file of readings. The first heading of each is what the template says."""

from branchnet.stock.lists.headings import Names

COLUMNS: Names = {
    "code": ("编号", "服务点编号", "代号", "code"),
    "point": ("服务点", "名称", "服务点名称", "点名", "学校", "学校名称", "分馆", "分馆名称", "point"),
    "month": ("月份", "年月", "月", "month"),
    "first": ("从", "起", "开始", "起始日期", "开始日期", "from"),
    "last": ("到", "止", "结束", "截止日期", "结束日期", "to"),
    "in_school_visits": (
        *("校内阅览", "校内阅览人次", "阅览人次", "阅览", "来看书", "visits"),
        *("校内来看书", "校内人次", "阅览人数", "校内阅览人数", "校内看书", "校内看书人次"),
    ),
    "in_school_loans": (
        *("校内外借", "校内外借册次", "外借册次", "外借", "借出", "loans"),
        *("校内借出去", "校内册次", "借出去", "外借册数", "校内外借册数", "校内借书", "校内借书册次", "借书册次"),
    ),
    "community_visits": (
        *("校外阅览", "校外阅览人次", "communityvisits"),
        *("校外来看书", "校外人次", "校外阅览人数", "校外看书", "校外看书人次"),
    ),
    "community_loans": (
        *("校外外借", "校外外借册次", "communityloans"),
        *("校外借出去", "校外册次", "校外外借册数", "校外借书", "校外借书册次"),
    ),
    "days_open": ("开放天数", "天数", "daysopen"),
    "not_open": ("没有开放", "没开放", "未开放", "notopen"),
}
