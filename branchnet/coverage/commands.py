"""Staff publish what they say of their coverage, take it back, and choose how far is within reach."""

from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import select

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.personal import note_problem
from branchnet.access.scope import below
from branchnet.coverage.counted import Tally
from branchnet.coverage.covered import coverage_at
from branchnet.coverage.queries import last_day
from branchnet.coverage.rules import Outcome, Share, claimed
from branchnet.coverage.statements import live_statement
from branchnet.coverage.ways import threshold_of
from branchnet.errors import Conflict, Invalid, NotFound
from branchnet.extensions import db
from branchnet.models import CoverageStatement, Network


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be published: a definition of what, as of a month, the N of M that was seen, words of one's own.

    ``by`` and ``group``: of one county or town alone, as ``register.DIMENSIONS`` writes it.
    """

    month: str
    way: str
    definition: str
    of_what: str
    covered: int
    known: int
    words: str | None = None
    by: str | None = None
    group: str | None = None


def publish(act: Act, saying: Saying) -> int:
    """Publish one definition's N of M of this network and those below it, or of one county or town, as computed now.

    Returns its id. The figures, and the names of the others, stay as they are on this day. Raises
    Conflict("coverage_changed") where they are no longer the N of M that was seen, Conflict("none_to_publish"),
    Conflict("published_already"); Invalid for words that claim more than the figures or that name a phone,
    Invalid("no_records_yet") for a month before the records begin; NotFound for a definition that is none.
    """
    network, today = _network(act), act.today()
    day, threshold = last_day(saying.month, today), threshold_of(network, saying.way)
    found = coverage_at(below(act.network_id, day), saying.month, day, threshold, today)
    tally = found.tallies.get((saying.definition, saying.of_what))
    if tally is None:
        raise NotFound(definition=saying.definition)
    if saying.by and saying.group:
        tally = tally.within(saying.by, saying.group)
    if not tally.share.known:
        raise Conflict("none_to_publish")
    _still(tally.share, saying)
    _words_fit(saying.words, tally.share)
    reach = saying.definition == "reach"
    row = CoverageStatement(
        network_id=act.network_id,
        month=saying.month,
        definition=saying.definition,
        of_what=saying.of_what,
        within_km=threshold.within_km if reach else None,
        detour_percent=threshold.detour_percent if reach else None,
        way=saying.way if reach else None,
        area_by=saying.by,
        area=saying.group,
        covered=tally.share.covered,
        known=tally.share.known,
        without_position=tally.share.untold,
        nowhere=len(tally.lost) if saying.definition == "administrative" else None,
        deliveries=tally.deliveries,
        others=_others(tally),
        words=saying.words,
        published_at=clock.now(),
        published_by=act.person_id,
    )
    if live_statement(row):
        raise Conflict("published_already")
    db.session.add(row)
    db.session.flush()
    audit.record(act, "coverage.published", "coverage_statement", row.id, month=row.month, definition=row.definition)
    return row.id


def _still(share: Share, saying: Saying) -> None:
    """Nobody publishes figures other than those that they saw."""
    if (share.covered, share.known) != (saying.covered, saying.known):
        raise Conflict("coverage_changed", covered=share.covered, known=share.known)


def withdraw(act: Act, statement_id: int) -> None:
    """Take a statement back: it is no longer public and stays on record.

    Raises NotFound, Conflict("withdrawn_already").
    """
    row = db.session.scalars(
        select(CoverageStatement)
        .where(CoverageStatement.network_id == act.network_id, CoverageStatement.id == statement_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound(statement=statement_id)
    if row.withdrawn_at is not None:
        raise Conflict("withdrawn_already")
    row.withdrawn_at, row.withdrawn_by = clock.now(), act.person_id
    audit.record(act, "coverage.withdrawn", "coverage_statement", statement_id)
    db.session.flush()


def set_reach(act: Act, reach_km: int, cycling_km: int, vehicle_km: int, detour_percent: int) -> None:
    """How far (km) is within reach on foot, by bicycle, by vehicle; how long ways are, in percent of the line.

    Raises Invalid("ways_in_order") where one goes less far than the one before it.
    """
    kms = {"reach_km": reach_km, "cycling_km": cycling_km, "vehicle_km": vehicle_km}
    if wrong := [name for (_one, near), (name, far) in pairwise(kms.items()) if far < near]:
        raise Invalid(fields=dict.fromkeys(wrong, "ways_in_order"))
    network = _network(act)
    chosen = {**kms, "detour_percent": detour_percent}
    before = {f"before_{name}": getattr(network, name) for name in chosen}
    for name, value in chosen.items():
        setattr(network, name, value)
    audit.record(act, "network.reach", "network", act.network_id, **before, **chosen)
    db.session.flush()


def _network(act: Act) -> Network:
    """The network under lock: two who publish at the same time do it one after the other."""
    query = select(Network).where(Network.id == act.network_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _words_fit(words: str | None, share: Share) -> None:
    if problem := note_problem(words or ""):
        raise Invalid(fields={"words": problem})
    if claim := claimed(words or "", share):
        fields = {"words": claim.code}
        raise Invalid(claim.code, fields=fields, claim=claim.said, covered=share.covered, known=share.known)


def _others(tally: Tally) -> list[str]:
    """Those of M that are not, and those of which nothing can be told, with their town."""
    left = tally.picked(tally.counted - {Outcome.COVERED})
    rows = [tally.rows[index] for index in left]
    return [row.name if row.name == row.town else f"{row.town} {row.name}".strip() for row in rows]
