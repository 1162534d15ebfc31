"""What is sent to teachers who have not reported: to one with their own link, to the group without any."""

from datetime import date

from flask import url_for

from branchnet.blueprints.staff.reading_words import window_words
from branchnet.language import _, month_name
from branchnet.models import Network
from branchnet.points.queries import Point
from branchnet.readings.chasing import Owing
from branchnet.readings.rules import on_day_after
from branchnet.web import of_library


def teacher_words(one: Owing, library: str, base: str) -> str:
    """To one teacher: their points and months, and the link that is theirs alone."""
    hello = _("%(teacher)s，您好！", teacher=one.name) if one.name else _("老师，您好！")
    owed = [
        _("%(point)s：%(months)s", point=point.name, months=_("、").join(month_name(month) for month in months))
        for point, months in one.points
    ]
    stays = [
        _("%(point)s：%(first)s 到 %(last)s", point=point.name, first=stay.first_on, last=stay.last_on)
        for point, stay in one.stays
    ]
    said = [hello]
    if owed:
        said += [_("这几个月的月报还没收到，请点您自己的链接报一下，一分钟就好："), *owed]
    if stays:
        said += [_("送书期间的数还没收到，请点您自己的链接报一下，一分钟就好："), *stays]
    if one.token is not None:
        said.append(f"{base}/t/{one.token}")
    thanks = _("那个月没有开放，也请点一下“这个月没有开放”。谢谢！") if owed else _("谢谢！")
    return "\n".join([*said, thanks, library])


def missing_words(one: Owing) -> list[tuple[Point, str]]:
    """What is missing, by point."""
    told = {point.id: [month_name(month) for month in months] for point, months in one.points}
    for point, stay in one.stays:
        told.setdefault(point.id, []).append(window_words(None, stay.number))
    return [(point, _("、").join(told[point.id])) for point in one.places]


def group_words(month: str, missing: int, network: Network, base: str, today: date) -> str:
    """To the whole group, where somebody owes the month: opens the right form on known phones, and names nobody."""
    link = base + url_for("teacher.my", month=month, **of_library(network.slug))
    by_day = on_day_after(month, network.report_by_day)
    asked = {"month": month_name(month), "day": by_day.isoformat()}
    said = [
        _("各位老师好！请报%(month)s的月报，%(day)s以前报上来算及时。", **asked)
        if today <= by_day
        else _("各位老师好！%(month)s的月报还没有收齐，没报的请这两天报上来。", month=asked["month"]),
        _("点这里就到自己的表：%(link)s", link=link),
        _("打不开的，请点馆里发给您本人的链接。"),
        _("还有 %(count)d 位老师没有报。", count=missing),
        network.name,
    ]
    return "\n".join(said)
