"""Everything can be sent twice."""

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from branchnet.access.audit import record
from branchnet.access.operations import Outcome, perform
from branchnet.errors import Invalid, SameIdOtherBody
from branchnet.extensions import db
from branchnet.models import AuditRecord, Operation, OperationConflict
from tests.support.world import World

KEY = "a-key-made-at-the-button"
BODY: Outcome = {"month": "2026-03", "visits": 120}
THREADS = 8


def send(world: World, body: Outcome = BODY, key: str = KEY) -> Outcome:
    """Send it once; its effect is a record in the trail."""

    def effect() -> Outcome:
        record(world.act, "test.effect", "reading", None)
        return {"number": how_many()}

    return perform(world.act, key, "reading.submit", body, effect)


def how_many() -> int:
    return db.session.scalar(select(func.count()).where(AuditRecord.action == "test.effect")) or 0


def conflicts() -> list[OperationConflict]:
    return list(db.session.scalars(select(OperationConflict)))


def test_the_same_twice_has_one_effect_and_one_answer(world: World) -> None:
    assert send(world) == send(world, dict(reversed(BODY.items()))) == {"number": 1}
    assert how_many() == 1
    assert conflicts() == []


def test_the_same_from_eight_hands_at_once_has_one_effect(app: Flask, world: World) -> None:
    gate, answers = threading.Barrier(THREADS), []

    def one() -> None:
        with app.app_context():
            gate.wait()
            answers.append(send(world))
            db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"number": 1}] * THREADS
    assert how_many() == 1
    assert db.session.scalar(select(func.count()).select_from(Operation)) == 1


def test_the_same_id_with_another_body_is_kept_flagged_and_not_applied(world: World) -> None:
    send(world)
    for _ in range(2):
        with pytest.raises(SameIdOtherBody):
            send(world, {**BODY, "visits": 121})
    (kept,) = conflicts()
    assert (kept.body, kept.verb, kept.person_id) == ({**BODY, "visits": 121}, "reading.submit", world.act.person_id)
    assert how_many() == 1
    assert send(world) == {"number": 1}


def test_the_same_body_for_another_verb_is_another_body(world: World) -> None:
    send(world)
    with pytest.raises(SameIdOtherBody):
        perform(world.act, KEY, "batch.dispatch", BODY, dict)


def test_a_refused_one_leaves_nothing_and_is_judged_anew(world: World) -> None:
    def refused() -> Outcome:
        record(world.act, "test.effect", "reading", None)
        raise Invalid("quantity_not_positive")

    with pytest.raises(Invalid):
        perform(world.act, KEY, "reading.submit", BODY, refused)
    assert how_many() == 0
    assert db.session.scalar(select(func.count()).select_from(Operation)) == 0
    assert send(world) == {"number": 1}


def test_another_id_is_another_deed(world: World) -> None:
    assert (send(world), send(world, key="another-button")) == ({"number": 1}, {"number": 2})
