"""BranchNet: a children's library's network beyond its own walls."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from branchnet.config import Settings


def create_app(settings: "Settings | None" = None) -> "Flask":
    """Make the application (see branchnet.app). Imported late, so that a lower floor never loads the upper ones."""
    from branchnet.app import create_app as create  # noqa: PLC0415

    return create(settings)
