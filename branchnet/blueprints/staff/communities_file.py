"""The register of communities as Excel, under the headings by which a file of places is read back."""

from collections.abc import Iterator
from typing import Any

from flask import Response

from branchnet.access.guards import require, staff
from branchnet.blueprints.downloads import excel
from branchnet.blueprints.staff.communities import asked_communities
from branchnet.blueprints.staff.community_words import column_words, community_kind_words, position_status
from branchnet.blueprints.staff.root import blueprint
from branchnet.coverage.files.reading import FIELDS
from branchnet.language import _
from branchnet.points.communities.queries import Registered, registered_in_order
from branchnet.sheets import Column, Sheet

WIDTHS = {"name": 26, "code": 18, "county": 14, "town": 18}


@blueprint.get("/communities.xlsx")
@require("point.see")
def communities_file() -> Response:
    """All communities that the list is narrowed to, by pinyin."""
    act, heads = staff().act, column_words()
    day, title = act.today().isoformat(), _("需求点登记册")
    columns = [
        *(
            Column(heads[field], "number" if field == "children" else "text", width=WIDTHS.get(field, 14))
            for field in FIELDS
        ),
        Column(_("为什么作废"), width=30),
    ]
    rows = _lines(registered_in_order(act.network_id, asked_communities()))
    told = [act.network.name, _("导出日期：%(day)s", day=day)]
    return excel(f"{title} {day}", Sheet(title, title, told, columns, rows))


def _lines(found: list[Registered]) -> Iterator[tuple[Any, ...]]:
    for one in found:
        told = {
            **{field: getattr(one, field) for field in ("code", "name", "county", "town", "urban_rural", "children")},
            "kind": community_kind_words(one.kind),
            "lat": None if one.lat is None else f"{one.lat:.6f}",
            "lon": None if one.lon is None else f"{one.lon:.6f}",
            "datum": None if one.lat is None else "WGS84",
            "quality": None if one.lat is None else position_status(one.quality)[0],
        }
        yield (*(told[field] for field in FIELDS), one.set_aside_why)
