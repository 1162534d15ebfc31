"""Keep the library's own template. The newest is in use; older ones stay, for what was printed with them."""

from sqlalchemy import insert, select

from branchnet import clock
from branchnet.access import audit
from branchnet.access.acts import Act
from branchnet.batches.papers import built_in, template
from branchnet.batches.papers.placeholders import placeholders
from branchnet.extensions import db
from branchnet.models import PaperTemplate

NAME_LENGTH = 200


def keep_template(act: Act, file_name: str, content: bytes) -> list[str]:
    """From now on agreements are made of this file. Returns its placeholders. Raises what ``template.check`` does."""
    named = template.check(file_name, content, placeholders())
    template_id = db.session.execute(
        insert(PaperTemplate)
        .values(
            network_id=act.network_id,
            kind="agreement",
            file_name=file_name[-NAME_LENGTH:],
            content=content,
            created_at=clock.now(),
            created_by=act.person_id,
        )
        .returning(PaperTemplate.id)
    ).scalar_one()
    audit.record(act, "template.kept", "paper_template", template_id, size=len(content))
    return named


def template_in_use(network_id: int) -> tuple[str, bytes, bool]:
    """The name and content of the template in use, and whether it is the library's own."""
    row = db.session.execute(
        select(PaperTemplate.file_name, PaperTemplate.content)
        .where(PaperTemplate.network_id == network_id, PaperTemplate.kind == "agreement")
        .order_by(PaperTemplate.id.desc())
        .limit(1)
    ).one_or_none()
    return (built_in.FILE_NAME, built_in.built_in(), False) if row is None else (row.file_name, row.content, True)
