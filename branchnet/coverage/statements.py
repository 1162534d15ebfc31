"""What a library has published of its coverage, and what of it is public."""

from collections.abc import Sequence

from sqlalchemy import select

from branchnet.errors import NotFound
from branchnet.extensions import db
from branchnet.models import CoverageStatement, Network

SHOWN = 50


def statements_of(network_id: int) -> Sequence[CoverageStatement]:
    """The newest statements of a network, those that were taken back among them."""
    rows = select(CoverageStatement).where(CoverageStatement.network_id == network_id)
    return db.session.scalars(rows.order_by(CoverageStatement.id.desc()).limit(SHOWN)).all()


def statement_of(network_id: int, statement_id: int) -> CoverageStatement:
    """One of them. Raises NotFound."""
    row = db.session.scalars(
        select(CoverageStatement).where(
            CoverageStatement.network_id == network_id, CoverageStatement.id == statement_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound(statement=statement_id)
    return row


def live_statement(row: CoverageStatement) -> CoverageStatement | None:
    """The same already published and not taken back."""
    same = [
        getattr(CoverageStatement, name).is_not_distinct_from(getattr(row, name))
        for name in ("network_id", "month", "definition", "of_what", "within_km", "withdrawn_at")
    ]
    return db.session.scalars(select(CoverageStatement).where(*same)).first()


def public_statements(slug: str) -> tuple[Network, Sequence[CoverageStatement]]:
    """What anybody may read of a library: the statements that hold. NotFound where it says nothing."""
    network = db.session.scalars(select(Network).where(Network.slug == slug)).one_or_none()
    rows = [row for row in statements_of(network.id) if row.withdrawn_at is None] if network else []
    if network is None or not rows:
        raise NotFound(network=slug)
    return network, rows
