"""Errors about what is published of coverage."""

from branchnet.language import _
from branchnet.words.said import Words

COVERAGE: Words = {
    "coverage_changed": lambda data: (
        _("数变了，现在是 %(covered)s / %(known)s，没有发布。", covered=data["covered"], known=data["known"]),
        _("请看清现在的数，再按一次。"),
    ),
    "published_already": lambda _data: (
        _("同样的一句已经发布了。"),
        _("要换，先撤回它，再发布。"),
    ),
    "withdrawn_already": lambda _data: (
        _("这一句已经撤回了。"),
        _("不用再做什么。"),
    ),
}
