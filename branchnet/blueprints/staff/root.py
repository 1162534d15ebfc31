"""What the clerk's pages share: the blueprint, their words, and whose rows they are about."""

from datetime import datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from flask import Blueprint, url_for

from branchnet.access.guards import staff
from branchnet.access.rules import may
from branchnet.access.scope import networks_named
from branchnet.batches.queries import BatchHead, BatchRow, EventRow
from branchnet.blueprints.staff import list_words, words
from branchnet.words import place_words

blueprint = Blueprint("staff", "branchnet.blueprints.staff", url_prefix="/work")


@blueprint.context_processor
def _shared() -> dict[str, Any]:
    return {
        "kind_words": words.kind_words,
        "step_words": words.step_words,
        "stage_words": words.stage_words,
        "terms_explained": words.terms_explained,
        "goods_words": words.goods_words,
        "difference_words": words.difference_words,
        "point_kind_words": words.point_kind_words,
        "terms_words": words.terms_words,
        "owner_words": words.owner_words,
        "quality_words": words.quality_words,
        "move_words": words.move_words,
        "ending_words": words.ending_words,
        "purpose_words": list_words.purpose_words,
        "list_state_words": list_words.list_state_words,
        "place_words": place_words,
        "batch_href": batch_href,
        "event_note": event_note,
        "new_op_id": new_op_id,
        "outcome_words": words.outcome_words,
    }


def event_note(event: EventRow) -> str:
    """What is said beside an event; how a difference ended is kept as a code."""
    if event.step == "resolved" and event.note:
        return words.ending_words(event.note)
    return event.note or ""


def new_op_id() -> str:
    """An operation's id, made with the button."""
    return str(uuid4())


def batch_href(batch: BatchRow | BatchHead) -> str:
    """The address of a batch; one of another network names that network."""
    who = staff()
    named: dict[str, Any] = {} if batch.network_id == who.network_id else {"network": batch.network}
    return url_for("staff.batch_page", number=batch.number, **named)


def writes(network_id: int) -> bool:
    """Whether the person signed in may change batches of this network: a clerk, and only at home."""
    who = staff()
    return network_id == who.network_id and may(who.roles, "batch.write")


def libraries_seen() -> dict[str, str]:
    """What the libraries are called whose rows one sees, by the word in their networks' addresses."""
    return {network.slug: network.name for network in networks_named(staff().networks)}


def local_time(moment: datetime, zone: str) -> str:
    """A moment by the network's own clock, to the minute."""
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
