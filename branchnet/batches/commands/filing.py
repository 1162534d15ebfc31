"""After the signing: where the papers are filed and where pictures are kept. The index, never a picture."""

from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.access.personal import note_problem
from branchnet.batches.commands.shared import batch_for
from branchnet.errors import Invalid
from branchnet.extensions import db


def file_papers(act: Act, batch_id: int, archive_number: str | None, photos_at: str | None, photos: int | None) -> None:
    """Record 档号, and where how many pictures (张) of the handover are kept; what was recorded before gives way.

    Raises Conflict("not_from_here") before the books have left, Invalid where pictures have no place or are fewer than
    one, or where the place holds a telephone or identity number.
    """
    batch = batch_for(act, batch_id, "file")
    if photos is not None and photos_at is None:
        raise Invalid(fields={"photos_at": "required"})
    if photos is not None and photos < 1:
        raise Invalid(fields={"photos": "quantity_not_positive"})
    for name, text in (("archive_number", archive_number), ("photos_at", photos_at)):
        if text and (problem := note_problem(text)):
            raise Invalid(fields={name: problem})
    batch.archive_number, batch.photos_at, batch.photos = archive_number, photos_at, photos
    db.session.flush()
    audit.record(act, "batch.filed", "batch", batch.id, filed=archive_number is not None, photos=photos)
