"""Which boxes are still to be expected."""

from sqlalchemy import ColumnElement, and_

from branchnet.models import Box


def on_its_way() -> ColumnElement[bool]:
    """The condition that a box is neither counted nor recalled."""
    return and_(Box.counted_on.is_(None), Box.recalled_on.is_(None))
