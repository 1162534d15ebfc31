"""What the rules draw from."""

import hypothesis.strategies as st

LATER = st.sampled_from([0, 0, 0, 0, 0, 1, 1, 1, 3, 9, -1, -40])
"""How many days after the story's day something is said to have happened; a few are backdated."""
PICK = st.integers(0, 10_000)
FEW = st.integers(0, 6)
KINDS = st.sampled_from(["allocation", "delivery", "rotation", "return"])
TERMS = st.sampled_from(["deposit", "deposit", "gift"])
SOME_DAYS = st.none() | st.integers(0, 2)
"""How many days a step came after the one before it, where it is told at all."""
