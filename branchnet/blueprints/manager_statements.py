"""What is said of coverage in public, and taken back; and how far is within reach."""

from typing import Any

from flask import render_template, request, url_for

from branchnet.access.acts import Act
from branchnet.access.guards import require, staff
from branchnet.access.operations import Outcome as Done
from branchnet.access.scope import below
from branchnet.access.sent import Sent
from branchnet.blueprints import coverage_words as words
from branchnet.blueprints.forms import Refusal
from branchnet.blueprints.manager import blueprint
from branchnet.blueprints.manager_coverage import answered, coverage_page, frame, read_query, tally_of
from branchnet.blueprints.staff.pressed import Answer, press
from branchnet.blueprints.staff.root import local_time, new_op_id
from branchnet.calendar.rules import month_of
from branchnet.coverage import commands
from branchnet.coverage.asked import asked_coverage
from branchnet.coverage.counted import Tally
from branchnet.coverage.page_schemas import PublishForm, PublishQuery, ReachForm
from branchnet.coverage.queries import network_seen
from branchnet.coverage.rules import Outcome
from branchnet.coverage.statements import delivery_schools, kinds_reached, statement_of
from branchnet.errors import Invalid
from branchnet.language import _

AREAS = ("county", "town")


@blueprint.get("/coverage/publish")
@require("coverage.publish")
@answered
def publishing() -> str:
    """What would be published: the figures as they are now, and the names of the others."""
    return _publishing(Refusal())


@blueprint.post("/coverage/publish")
@require("coverage.publish")
@answered
def publish() -> Answer:
    """Publish it, as it was seen."""
    asked = read_query(PublishQuery())
    about = {name: asked[name] for name in ("way", "definition", "of_what")}
    about["month"] = asked.get("month") or month_of(staff().act.today())
    about["by"], about["group"] = _area(asked["area"])

    def step(sent: dict[str, Any]) -> Done:
        return {"statement": commands.publish(staff().act, commands.Saying(**about, **sent))}

    return press("publish", PublishForm(), about, step, _("发布了，公开页上看得到。"), _back, _publishing)


@blueprint.get("/coverage/statements/<int:statement_id>")
@require("map.see")
def statement(statement_id: int) -> str:
    """A statement as it was frozen, with the names of the others."""
    network = network_seen(staff(), request.args.get("network"))
    row = statement_of(network.id, statement_id)
    return render_template(
        "manager/statement.html",
        network=network,
        one=row,
        words=words,
        whats=words.what_words(kinds_reached(below(network.id, Act(network.id).today()) & staff().networks)),
        by_stay=delivery_schools(network, [row]),
        local=lambda moment: local_time(moment, network.time_zone),
        own=network.id == staff().network_id,
        new_op_id=new_op_id,
    )


@blueprint.post("/coverage/statements/<int:statement_id>/withdraw")
@require("coverage.publish")
def withdraw(statement_id: int) -> Answer:
    """It is no longer public."""

    def step(_sent: dict[str, Any]) -> None:
        commands.withdraw(staff().act, statement_id)

    return press(
        f"withdraw-{statement_id}", Sent(), {}, step, _("撤回了，公开页上不再有。"), _back, lambda _no: coverage_page()
    )


@blueprint.get("/coverage/thresholds")
@require("coverage.publish")
def thresholds() -> str:
    """How far is within reach in this network."""
    return _thresholds(Refusal())


@blueprint.post("/coverage/thresholds")
@require("coverage.publish")
def set_thresholds() -> Answer:
    """Choose it."""

    def step(sent: dict[str, Any]) -> None:
        commands.set_reach(staff().act, **sent)

    return press("thresholds", ReachForm(), {}, step, _("远近的规定改好了。"), _back, _thresholds)


def _back(_done: Done) -> str:
    return url_for("manager.coverage")


def _publishing(refusal: Refusal) -> str:
    """The address says what it is about; everybody publishes of their own network alone."""
    asked = read_query(PublishQuery())
    found = asked_coverage(staff(), month=asked.get("month"), way=asked["way"])
    whole = tally_of(found, asked["definition"], asked["of_what"])
    by, group = _area(asked["area"])
    if by and group and asked["area"] not in dict(_areas(whole)):
        raise Invalid("address_wrong", parts=["area"])
    tally = whole.within(by, group) if by and group else whole
    return render_template(
        "manager/coverage_publish.html",
        **frame(found),
        tally=tally,
        areas=_areas(whole),
        area=asked["area"],
        by=by,
        group=group,
        others=[tally.rows[one] for one in tally.picked(tally.counted - {Outcome.COVERED})],
        refusal=refusal,
        new_op_id=new_op_id,
        language_next=url_for("manager.coverage"),
    )


def _area(text: str) -> tuple[str | None, str | None]:
    """The county or town that an address names, if any. Raises Invalid."""
    by, _colon, group = text.partition(":")
    if text and (by not in AREAS or not group):
        raise Invalid("address_wrong", parts=["area"])
    return (by, group) if text else (None, None)


def _areas(whole: Tally) -> list[tuple[str, str]]:
    """Counties and towns of which alone it may be said: those that are named, and of which something is known."""
    named = [(by, group) for by in AREAS for group in sorted(whole.by(by)) if group.strip() == group and group]
    return [(f"{by}:{group}", group) for by, group in named]


def _thresholds(refusal: Refusal) -> str:
    network = Act(staff().network_id).network
    return render_template(
        "manager/thresholds.html",
        network=network,
        ways=words.way_words(),
        refusal=refusal,
        new_op_id=new_op_id,
        language_next=url_for("manager.thresholds"),
    )
