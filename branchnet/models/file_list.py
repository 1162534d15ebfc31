"""Files that people bring: lists of books as library systems export them, and the Excel ledger of years before."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from branchnet.database import Base, Document, Key, Moment, Owned, one_of, own_key, refers

PURPOSES = ("pick", "accession", "opening")
LIST_STATES = ("uploaded", "checked", "applied", "dropped", "unreadable")


class FileList(Owned, Base):
    """A file with rows (清单文件): read as a dry run first, applied once if the clerk wants it."""

    __tablename__ = "file_lists"

    purpose: Mapped[str] = mapped_column(String(20))
    batch_id: Mapped[int | None] = mapped_column(Key)
    """The batch that its copies are picked into, or the one that it made."""
    file_name: Mapped[str] = mapped_column(String(200))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The file as it came; let go of once it was applied or dropped."""
    columns: Mapped[dict[str, object] | None] = mapped_column(Document)
    """Which column is which field, as the clerk confirmed it."""
    options: Mapped[dict[str, object] | None] = mapped_column(Document)
    state: Mapped[str] = mapped_column(String(20))
    summary: Mapped[dict[str, object] | None] = mapped_column(Document)
    """What the dry run found: rows read, good, wrong, and the sums of what would be added (册, 种)."""
    problems: Mapped[dict[str, object] | None] = mapped_column(Document)
    """By row number what is wrong with it."""
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(Key)
    applied_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        own_key(),
        refers("batch_id", "batches"),
        refers("created_by", "people"),
        CheckConstraint(one_of("purpose", PURPOSES), name="purpose"),
        CheckConstraint(one_of("state", LIST_STATES), name="state"),
        CheckConstraint("purpose <> 'pick' OR batch_id IS NOT NULL", name="pick"),
        CheckConstraint("(state = 'applied') = (applied_at IS NOT NULL)", name="applied"),
        Index(None, "network_id", "batch_id"),
    )
