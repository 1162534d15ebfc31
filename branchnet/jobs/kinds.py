"""The kinds of jobs: what each does, and how the sweeper sees that one is owed though nobody's asking waits."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from branchnet import clock, queue
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.batches.lists import commands as lists
from branchnet.batches.lists import working
from branchnet.calendar import commands as months
from branchnet.calendar.rules import month_of, month_to_close, previous_month
from branchnet.coverage import facts
from branchnet.extensions import db
from branchnet.models import AuditRecord, AuditSeal, FileList, Job, Network, PointMonth, StaleFact
from branchnet.points.geocoding import asking
from branchnet.readings import commands as readings
from branchnet.readings.commands.chasing import due_day

Result = dict[str, Any]
Progress = tuple[int, int | None] | queue.Outside
"""Units done, and units in all where that is known; or the same with what is done next outside any transaction."""
Steps = Generator[Progress, Any, Result]


@dataclass(frozen=True, slots=True)
class Task:
    """What a job is given: the network it works for, what it is about, and what the asker said."""

    act: Act
    subject: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """``work`` runs in one transaction and gives the result; one that yields its progress commits at every yield.
    What asks another server yields the asking (queue.Outside) and gets the answer: nobody waits for it with a lock.

    ``owed`` names, by network id and subject, the jobs that should be there.
    """

    work: Callable[[Task], Result | Steps]
    owed: Callable[[], list[tuple[int, str]]] = list


def refresh_facts(task: Task) -> Result:
    """Compute again the facts by point and month that were marked stale."""
    return {"facts": facts.refresh(task.act)}


def facts_owed() -> list[tuple[int, str]]:
    """Networks with marks that no job has taken: marked while one was running."""
    return [(network_id, "") for network_id in db.session.scalars(select(StaleFact.network_id).distinct())]


def catch_up_facts(task: Task) -> Result:
    """Bring the running month of every point up to this day; its subject is the day."""
    return {"facts": facts.catch_up(task.act)}


def catch_up_owed() -> list[tuple[int, str]]:
    """Networks with facts that were not brought up to their own today yet."""
    with_facts = select(PointMonth.id).where(PointMonth.network_id == Network.id).exists()
    zones = db.session.execute(select(Network.id, Network.time_zone).where(with_facts)).all()
    today = {network_id: clock.today(zone).isoformat() for network_id, zone in zones}
    done = db.session.execute(
        select(Job.network_id, Job.subject).where(
            Job.kind == "catch_up", Job.state == "done", Job.subject.in_(set(today.values()))
        )
    ).all()
    return sorted(today.items() - {(network_id, day) for network_id, day in done})


def seal_audit(task: Task) -> Result:
    """Seal what is unsealed into the network's hash chain."""
    return {"sealed": audit.seal(task.act.network_id)}


def seal_owed() -> list[tuple[int, str]]:
    """Networks with records of the audit trail that no seal covers."""
    sealed = (AuditSeal.network_id == AuditRecord.network_id) & (AuditSeal.audit_id == AuditRecord.id)
    rows = select(AuditRecord.network_id).outerjoin(AuditSeal, sealed).where(AuditSeal.id.is_(None)).distinct()
    return [(network_id, "") for network_id in db.session.scalars(rows)]


def check_list(task: Task) -> Steps:
    """Try a list from a file: what would come in, what is wrong; its subject is the list."""
    return working.check(_asker(task), int(task.subject))


def apply_list(task: Task) -> Steps:
    """Take a list in, in the name of whoever asked."""
    return working.apply(_asker(task), int(task.subject))


def _asker(task: Task) -> Act:
    return Act(task.act.network_id, int(task.payload.get("person", 0)) or None)


def let_lists_go(task: Task) -> Result:
    """Drop lists that nobody took in."""
    return {"dropped": lists.let_go(task.act)}


def old_lists() -> list[tuple[int, str]]:
    """Networks with lists that were brought long ago and never taken in."""
    rows = db.session.scalars(select(FileList.network_id).where(*lists.untouched()).distinct())
    return [(network_id, "") for network_id in rows]


def close_months(task: Task) -> Result:
    """Close the months whose day has come (封账); closed by hand meanwhile, nothing is left to do."""
    return {"through": months.lock_due(task.act)}


def months_to_close() -> list[tuple[int, str]]:
    """Networks that close by themselves, with the month that is to be closed by now, on their own clocks."""
    rows = db.session.execute(
        select(Network.id, Network.time_zone, Network.closes_on_day, Network.locked_through).where(
            Network.closes_on_day.is_not(None)
        )
    )
    due = [(row.id, month_to_close(clock.today(row.time_zone), row.closes_on_day), row.locked_through) for row in rows]
    return [(network_id, month) for network_id, month, closed in due if closed is None or closed < month]


def remind(task: Task) -> Result:
    """Note which teachers are to be reminded of the month that is over; its subject is the day."""
    return {"reminders": readings.make_reminders(task.act)}


def reminders_owed() -> list[tuple[int, str]]:
    """Networks whose day of reminding has come, with that day, where no job has done it yet."""
    rows = db.session.execute(select(Network.id, Network.time_zone, Network.remind_on_day)).all()
    due: dict[int, str] = {}
    for network_id, zone, first_day in rows:
        today = clock.today(zone)
        if day := due_day(previous_month(month_of(today)), first_day, today):
            due[network_id] = day.isoformat()
    done = db.session.execute(
        select(Job.network_id, Job.subject).where(
            Job.kind == "reminders", Job.state == "done", Job.subject.in_(set(due.values()))
        )
    ).all()
    return sorted(due.items() - {(network_id, day) for network_id, day in done})


def geocode(task: Task) -> Steps:
    """Ask the geocoder for what has no position, address by address."""
    return asking.ask_all(task.act)


KINDS: dict[str, Kind] = {
    "facts": Kind(refresh_facts, facts_owed),
    "catch_up": Kind(catch_up_facts, catch_up_owed),
    "months_close": Kind(close_months, months_to_close),
    "reminders": Kind(remind, reminders_owed),
    "seal": Kind(seal_audit, seal_owed),
    "list_check": Kind(check_list),
    "list_apply": Kind(apply_list),
    "geocode": Kind(geocode),
    "lists_let_go": Kind(let_lists_go, old_lists),
}
