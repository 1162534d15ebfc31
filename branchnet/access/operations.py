"""Everything can be sent twice: an operation's id is made where the button is, its row written with its effect."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.errors import BranchNetError, Conflict, SameIdOtherBody
from branchnet.extensions import db, transaction
from branchnet.models import Operation, OperationConflict

Outcome = dict[str, Any]
TRIES = 5
_TRY_AGAIN = ("40001", "40P01", "55P03")
_KNOWN = select(Operation.id, Operation.body_hash, Operation.outcome).where(
    Operation.network_id == bindparam("network"), Operation.key == bindparam("operation")
)
# Into the table itself: the way through the mapped class takes several times as long.
_WRITE = insert(Operation.__table__)  # type: ignore[arg-type]  # a mapped class's table is one


def body_hash(verb: str, body: Outcome) -> str:
    """The same for the same verb and body, whatever the order of the fields."""
    text = json.dumps([verb, body], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def perform(act: Act, key: str, verb: str, body: Outcome, effect: Callable[[], Outcome]) -> Outcome:
    """Do ``effect`` once for ``key`` in one transaction, and give the same outcome to every repetition.

    A refusal leaves no row, so the same id may be sent again and is judged anew. The same id with another body is
    kept and flagged, and raises SameIdOtherBody. Where the engine asks for another try, it gets one.
    """
    hashed = body_hash(verb, body)
    for attempt in range(1, TRIES + 1):
        try:
            return _once(act, key, verb, body, hashed, effect)
        except BranchNetError:
            # Refused perhaps because the same tap, sent twice, was faster on another connection.
            known = _known(act, key)
            if known is None or known.body_hash != hashed:
                raise
            return dict(known.outcome)
        except (IntegrityError, OperationalError) as error:
            if attempt == TRIES or not _worth_another_try(error):
                raise
    raise Conflict("busy")


def _known(act: Act, key: str) -> Any | None:
    return db.session.execute(_KNOWN, {"network": act.network_id, "operation": key}).one_or_none()


def _once(act: Act, key: str, verb: str, body: Outcome, hashed: str, effect: Callable[[], Outcome]) -> Outcome:
    with transaction() as session:
        known = _known(act, key)
        if known is None:
            outcome = effect()
            session.execute(
                _WRITE,
                {
                    "network_id": act.network_id,
                    "key": key,
                    "verb": verb,
                    "body_hash": hashed,
                    "outcome": outcome,
                    "person_id": act.person_id,
                    "recorded_at": clock.now(),
                },
            )
            return outcome
        if known.body_hash == hashed:
            return dict(known.outcome)
        _flag(act, known.id, verb, body, hashed)
    raise SameIdOtherBody(key=key)


def _flag(act: Act, operation_id: int, verb: str, body: Outcome, hashed: str) -> None:
    seen = select(OperationConflict.id).where(
        OperationConflict.network_id == act.network_id,
        OperationConflict.operation_id == operation_id,
        OperationConflict.body_hash == hashed,
    )
    if db.session.execute(seen).first() is None:
        db.session.execute(
            insert(OperationConflict).values(
                network_id=act.network_id,
                operation_id=operation_id,
                verb=verb,
                body_hash=hashed,
                body=json.loads(json.dumps(body, default=str)),
                person_id=act.person_id,
                recorded_at=clock.now(),
            )
        )


def _worth_another_try(error: IntegrityError | OperationalError) -> bool:
    """Another one was faster with the same key or the same new row, or the engine could not order two of them."""
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(error, OperationalError):
        return state in _TRY_AGAIN or "database is locked" in str(error.orig)
    text = str(error.orig)
    return state == "23505" or "UNIQUE constraint failed" in text
