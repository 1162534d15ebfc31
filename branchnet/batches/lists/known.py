"""The purposes that there are."""

from collections.abc import Mapping

from branchnet.batches.lists.accession import ACCESSION
from branchnet.batches.lists.picking import PICK
from branchnet.batches.lists.purposes import Purpose

PURPOSES: Mapping[str, Purpose] = {"pick": PICK, "accession": ACCESSION}
"""By name, as `file_lists.purpose` has it."""
