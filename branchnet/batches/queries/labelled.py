"""Boxes by their labels: whose they are, and where they are meant to go."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select

from branchnet.batches.queries.listing import End, ends_of
from branchnet.extensions import db
from branchnet.models import Batch, Box, Place


@dataclass(frozen=True, slots=True)
class Labelled:
    """A box that carries a label: its number (0: what lies loose) and batch, and the place it is meant for."""

    box: int
    batch: str
    state: str
    end: End
    counted: bool
    recalled: bool


def labelled(network_id: int, labels: Iterable[str], today: date) -> dict[str, Labelled]:
    """By label its box; a label that no box carries is left out. Three statements."""
    rows = db.session.execute(
        select(
            Box.label,
            Box.number,
            Batch.number.label("batch"),
            Batch.state,
            Batch.to_place_id,
            Place.kind,
            Box.counted_on.is_not(None).label("counted"),
            Box.recalled_on.is_not(None).label("recalled"),
        )
        .join(Batch, and_(Batch.network_id == Box.network_id, Batch.id == Box.batch_id))
        .join(Place, and_(Place.network_id == Batch.network_id, Place.id == Batch.to_place_id))
        .where(Box.network_id == network_id, Box.label.in_(sorted(set(labels))))
    ).all()
    points = ends_of({row.to_place_id for row in rows}, [network_id], today) if rows else {}
    return {
        row.label: Labelled(
            row.number,
            row.batch,
            row.state,
            points.get(row.to_place_id) or End(row.to_place_id, row.kind),
            row.counted,
            row.recalled,
        )
        for row in rows
    }
