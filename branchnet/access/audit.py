"""The audit trail: who did what to which row, sealed into a hash chain by a job. Never a name or a phone."""

import hashlib
import json
from typing import Any

from sqlalchemy import insert, select

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
    rows = db.session.execute(
        select(AuditRecord, AuditSeal.position, AuditSeal.hash)
        .join(AuditSeal, (AuditSeal.network_id == network_id) & (AuditSeal.audit_id == AuditRecord.id))
        .where(AuditRecord.network_id == network_id)
        .order_by(AuditSeal.position)
    )
    before = ""
    for expected, (row, position, sealed) in enumerate(rows, start=1):
        before = chain_hash(before, row)
        if position != expected or sealed != before:
            return int(position)
    return None
