"""Which communities the register has: whatever counts, lists or offers them is narrowed by this, in one place."""

from branchnet.models import Community

IN_REGISTER = Community.set_aside_at.is_(None)
"""Nobody set it aside (作废). What was is in no count, map, list or choice, of no month; its own page shows it."""
