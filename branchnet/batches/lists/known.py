"""The purposes that there are."""

from collections.abc import Mapping

from branchnet.batches.lists.accession import ACCESSION
from branchnet.batches.lists.picking import PICK
from branchnet.batches.lists.purposes import Purpose
from branchnet.batches.opening.purpose import OPENING

PURPOSES: Mapping[str, Purpose] = {"pick": PICK, "accession": ACCESSION, "opening": OPENING}
"""By name, as `file_lists.purpose` has it."""
