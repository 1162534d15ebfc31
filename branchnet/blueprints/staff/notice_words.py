"""What a teacher is told before a delivery is fetched, ready to be pasted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import current_app

from branchnet.access.guards import staff
from branchnet.access.queries import links_at
from branchnet.access.rules import may
from branchnet.batches.queries import Answered, BatchHead, BatchRow, announced, still_there
from branchnet.batches.staying import to_tell
from branchnet.config import Settings
from branchnet.language import _, day_name


@dataclass(frozen=True, slots=True)
class Notice:
    """The words for the teacher of a delivery, to whom, and when they were sent last."""

    number: str
    point: str
    teacher: str | None
    text: str
    announced_on: date | None
    late: bool


def notices(rows: Sequence[BatchRow | BatchHead]) -> dict[int, Notice]:
    """By batch what is to be told now: of one's own deliveries that are out, so many days before they are due.

    Three statements, whatever the number.
    """
    who = staff()
    network, day = who.act.network, who.act.today()
    told = [
        row
        for row in rows
        if row.network_id == who.network_id and row.due_back_on and to_tell(row.due_back_on, day, network.notice_days)
    ]
    ids = [row.id for row in told]
    copies, sent = still_there([who.network_id], ids), announced([who.network_id], ids)
    links = links_at(who.network_id, [row.end.place_id for row in told], day)
    return {
        row.id: Notice(
            number=row.number,
            point=row.end.name or "",
            teacher=links.get(row.end.place_id, (None, None))[0],
            text=_text(row, copies[row.id], links.get(row.end.place_id, ("", None)), network.name, day),
            announced_on=sent.get(row.id),
            late=row.due_back_on is not None and row.due_back_on < day,
        )
        for row in told
        if copies.get(row.id)
    }


def answer_words(said: Answered, due_on: date | None) -> str:
    """What a teacher answered, with the day that was agreed before."""
    if said.wanted_on is None:
        return _("准备好了")
    due = due_on.isoformat() if due_on else "—"
    if said.answer == "another_day":
        return _("想从 %(due)s 改到 %(day)s", due=due, day=said.wanted_on)
    return _("想从 %(due)s 留到 %(day)s", due=due, day=said.wanted_on)


def _text(row: BatchRow | BatchHead, copies: int, link: tuple[str, str | None], library: str, today: date) -> str:
    """School, copies, day, and the teacher's own link where the reader may hand it on."""
    name, token = link
    due = row.due_back_on or today
    what = {"point": row.end.name or "", "copies": f"{copies:,}", "day": day_name(due, today), "number": row.number}
    said = [_("%(teacher)s，您好！", teacher=name) if name else _("老师，您好！")]
    if due < today:
        said.append(
            _(
                "放在%(point)s的 %(copies)s 册书（批次 %(number)s）约好%(day)s来取，已经过了。请告诉我们哪天方便。",
                **what,
            )
        )
    else:
        said.append(
            _("放在%(point)s的 %(copies)s 册书（批次 %(number)s），我们%(day)s来取。请提前收齐、点好数。", **what)
        )
    if token is not None and may(staff().roles, "link.manage"):
        settings: Settings = current_app.config["BRANCHNET"]
        href = f"{settings.base_url.rstrip('/')}/t/{token}"
        said.append(_("准备好了、要换日子、想多留一段，请点您自己的链接告诉我们：%(link)s", link=href))
    return "\n".join([*said, library])
