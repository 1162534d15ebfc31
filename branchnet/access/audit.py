"""The audit trail: who did what to which row, sealed into a hash chain by a job. Never a name or a phone."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import func, insert, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.extensions import db
from branchnet.models import AuditRecord, AuditSeal, Network


def record(act: Act, action: str, subject: str, subject_id: int | None, **detail: int | str | bool | None) -> None:
    """Add a record to the trail, in the transaction of what it tells of."""
    db.session.execute(
        insert(AuditRecord).values(
            network_id=act.network_id,
            person_id=act.person_id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            detail=detail,
            recorded_at=clock.now(),
        )
    )


def record_each(act: Act, action: str, subject: str, subject_ids: Iterable[int]) -> None:
    """The same of many rows, with one statement: a record each."""
    common: dict[str, Any] = {
        "network_id": act.network_id,
        "person_id": act.person_id,
        "action": action,
        "subject": subject,
        "detail": {},
        "recorded_at": clock.now(),
    }
    if rows := [{**common, "subject_id": subject_id} for subject_id in subject_ids]:
        db.session.execute(insert(AuditRecord), rows)


def chain_hash(before: str, row: Any) -> str:
    """The hash of a record on top of the one before it."""
    told = [
        before,
        row.id,
        row.network_id,
        row.person_id,
        row.action,
        row.subject,
        row.subject_id,
        row.detail,
        row.recorded_at.isoformat(),
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def seal(network_id: int) -> int:
    """Seal what is unsealed (never "id greater than last": a slow transaction may commit a smaller id later)."""
    db.session.execute(select(Network.id).where(Network.id == network_id).with_for_update())
    last = db.session.execute(
        select(AuditSeal.position, AuditSeal.hash)
        .where(AuditSeal.network_id == network_id)
        .order_by(AuditSeal.position.desc())
        .limit(1)
    ).one_or_none()
    position, before = (last.position, last.hash) if last else (0, "")
    unsealed = db.session.scalars(
        select(AuditRecord)
        .outerjoin(AuditSeal, (AuditSeal.network_id == network_id) & (AuditSeal.audit_id == AuditRecord.id))
        .where(AuditRecord.network_id == network_id, AuditSeal.id.is_(None))
        .order_by(AuditRecord.id)
    ).all()
    seals = []
    for row in unsealed:
        position, before = position + 1, chain_hash(before, row)
        seals.append({"network_id": network_id, "audit_id": row.id, "position": position, "hash": before})
    if seals:
        db.session.execute(insert(AuditSeal), seals)
    return len(seals)


def broken_at(network_id: int) -> int | None:
    """The position of the first seal that does not fit its record; None where the chain is whole."""
    chain = (
        select(AuditRecord, AuditSeal.position, AuditSeal.hash)
        .select_from(AuditSeal)
        .outerjoin(AuditRecord, (AuditRecord.network_id == network_id) & (AuditRecord.id == AuditSeal.audit_id))
        .where(AuditSeal.network_id == network_id)
        .order_by(AuditSeal.position)
        .execution_options(yield_per=1000)
    )
    with db.session.execute(chain) as rows:
        return _first_broken(rows)


def _first_broken(rows: Iterable[tuple[AuditRecord | None, int, str]]) -> int | None:
    before = ""
    for expected, (row, position, sealed) in enumerate(rows, start=1):
        # A seal whose record was taken away is broken too, also where it is the last.
        before = chain_hash(before, row) if row is not None else ""
        if position != expected or sealed != before:
            return position
    return None


def counts(network_id: int) -> dict[str, int]:
    """How many records of the trail are sealed, and how many wait for it."""
    sealed = select(func.count()).select_from(AuditSeal).where(AuditSeal.network_id == network_id)
    records = select(func.count()).select_from(AuditRecord).where(AuditRecord.network_id == network_id)
    done = db.session.scalar(sealed) or 0
    return {"sealed": done, "unsealed": (db.session.scalar(records) or 0) - done}
