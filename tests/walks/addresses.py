"""Every address that somebody may open: from the routes, with parameters from what the demo holds."""

from typing import Any

from flask import Flask
from sqlalchemy import func, select

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.access.guards import GUARD
from branchnet.access.rules import POLICY
from branchnet.access.sessions import points_of, start_session, token_of
from branchnet.batches.incoming import on_the_way
from branchnet.batches.papers.rules import HANDED_OVER
from branchnet.batches.queries import open_wishes, staying_at, taken_in_lately
from branchnet.batches.queries.listing import standing
from branchnet.batches.stocktaking.queries import counting_at
from branchnet.blueprints.staff.point import CHANGES
from branchnet.calendar.rules import month_of
from branchnet.coverage.commands import Saying, publish
from branchnet.coverage.covered import coverage_at
from branchnet.coverage.rules import Threshold
from branchnet.demo.recorder import TIME_ZONE
from branchnet.extensions import db, transaction
from branchnet.models import (
    Account,
    Agreement,
    AnswersFor,
    Batch,
    BatchEvent,
    Box,
    Community,
    CoverageStatement,
    Discrepancy,
    Disposal,
    Exchange,
    Move,
    Network,
    Reading,
    ReadingRevision,
    Repair,
    ServicePoint,
    TeacherLink,
    Trip,
)
from branchnet.points.queries import Point, points_on
from branchnet.readings.queries import states_by_month
from branchnet.readings.windows import stays
from tests.walks.ledgers import ledgers
from tests.walks.lists import lists
from tests.walks.stocktakes import stocktakes

LOGINS = {"clerk": "zj-clerk", "manager": "zj-manager", "admin": "zj-admin"}
TEACHERS = {"teacher of a mobile point": "ZJ-M01", "teacher of a school": "ZJ-D01", "teacher of two": "HS-B02"}
"""Teachers by a point of theirs: one reports months and has boxes to take in, one reports stays, one has two points."""
PEOPLE = ("visitor", *LOGINS, *TEACHERS)
NO_PAGES = frozenset(
    {
        "static",
        "status.live",
        "status.ready",
        "api.map_data",
        "api.map_points",
        "api.map_point",
        "api.map_communities",
        "api.map_community",
        # Pictures.
        "manager.point_plot",
        "manager.overview_plot",
        "manager.map_picture",
        "api-docs.openapi_json",
        # A part of a page for its script, and a text file.
        "staff.changes",
        "staff.barcodes_txt",
        "staff.batches_file",
        "staff.books_file",
        "staff.copies_file",
        "staff.lines_file",
        "staff.points_file",
        "staff.communities_file",
        # These give a file.
        "staff.handover_word",
        "staff.handover_list",
        "staff.packing_excel",
        "staff.overdue_word",
        "staff.exchange_word",
        "staff.agreement_word",
        "staff.template_file",
        "staff.built_in_template",
        # These change the reader's language, and let a teacher in.
        "account.language",
        "teacher.open_link",
        "teacher.worker",
        "staff.cases_file",
        "staff.losses_file",
        "staff.lost_copies_file",
        "staff.repairs_file",
        "staff.disposals_file",
        "staff.disposal_excel",
        "staff.disposal_word",
        "staff.confirmation_word",
        "staff.confirmations_word",
        # A file to keep.
        "staff.list_problems",
        "staff.opening_problems",
        "staff.opening_sums_file",
        "staff.opening_template",
        "staff.back_changes",
        "staff.missing_excel",
        "staff.stocktakes_file",
        "staff.reading_template",
        "staff.place_template",
        "staff.readings_file",
        "manager.use_file",
    }
)

Parameters = dict[str, list[dict[str, Any]]]


def endpoints(app: Flask) -> set[str]:
    """Everything that answers GET with a page of its own."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} - NO_PAGES


def addresses(app: Flask, person: str) -> dict[str, list[str]]:
    """By endpoint the addresses that somebody may open; in a context of the application."""
    known, urls = _parameters(person), app.url_map.bind("")
    return {
        endpoint: [urls.build(endpoint, values) for values in known.get(endpoint, [{}])]
        for endpoint in sorted(endpoints(app))
        if _may_open(app, endpoint, person)
    }


def secret_of(login: str) -> str:
    """Begin a session for an account: what its cookie holds."""
    with transaction():
        return start_session(db.session.scalars(select(Account).where(Account.login == login)).one(), "test")


def link_of(code: str) -> str:
    """The path of the personal link of a point's teacher."""
    link = select(TeacherLink).join(
        AnswersFor,
        (AnswersFor.network_id == TeacherLink.network_id) & (AnswersFor.person_id == TeacherLink.person_id),
    )
    return f"/t/{token_of(db.session.scalars(link.where(AnswersFor.point_id == _point(code).id)).one())}"


def _may_open(app: Flask, endpoint: str, person: str) -> bool:
    guard = getattr(app.view_functions[endpoint], GUARD, "public")
    if guard == "public":
        return person == "visitor"
    return person in TEACHERS if guard == "teacher" else person in POLICY[guard]


def _parameters(person: str) -> Parameters:
    if person in LOGINS:
        return _staffs(person)
    return _teachers(_point(TEACHERS[person])) if person in TEACHERS else _visitors()


def _visitors() -> Parameters:
    """What was asked for, and a library that says something of its coverage."""
    return {"teacher.link_asked": [{"code": "0000"}], "public.coverage": [{"slug": _statement().slug}]}


def _statement() -> Any:
    """What the library has published, from the first time on that somebody asks."""
    said = select(CoverageStatement.id, Network.slug).join(Network, Network.id == CoverageStatement.network_id)
    if db.session.execute(said).first() is None:
        network = db.session.scalars(select(Network.id).where(Network.slug == "zhanjiang")).one()
        act = Act(network)
        month = month_of(act.today())
        with transaction():
            tally = coverage_at([network], month, act.today(), Threshold(3), act.today()).tallies[
                "in_operation", "point"
            ]
            share = tally.share
            publish(act, Saying(month, "foot", "in_operation", "point", share.covered, share.known, "逐月公布。"))
    return db.session.execute(said).first()


def _point(code: str) -> ServicePoint:
    return db.session.scalars(select(ServicePoint).where(ServicePoint.code == code)).one()


def _staffs(person: str) -> Parameters:
    """A batch of every kind and state, a point of every kind, a teacher. Who only reads sees fewer: they look alike."""
    network = db.session.scalars(select(Network.id).where(Network.slug == "zhanjiang")).one()
    newest = (
        select(func.max(Batch.number))
        .where(Batch.network_id == network)
        .group_by(Batch.kind, Batch.state)
        .order_by(func.max(Batch.number).desc())
    )
    numbers = [{"number": number} for number in db.session.scalars(newest)]
    points = {point.kind: point.code for point in points_on([network], clock.today(TIME_ZONE))}
    trips = [{"number": number} for number in db.session.scalars(select(Trip.number).where(Trip.network_id == network))]
    trips = trips if person == "clerk" else []
    return {
        "manager.statement": [{"statement_id": _statement().id}],
        "manager.coverage": [{}, {"by": "county", "way": "vehicle"}],
        "manager.coverage_list": [{}, {"definition": "in_operation", "of_what": "point"}],
        "staff.batch_page": numbers if person == "clerk" else numbers[:2],
        "staff.batch_lines": numbers[:1],
        "staff.copies": [{}, {"q": "gs"}],
        "staff.copy": [{"lot_id": lot_id} for lot_id in db.session.scalars(_busiest(network))],
        "staff.books": [{"code": code} for code in list(points.values())[:2]],
        "staff.list_columns": [{"list_id": list_id} for list_id in lists(network)[:1]],
        "staff.list_page": [{"list_id": list_id} for list_id in lists(network)[1:]],
        "staff.trip": trips,
        "staff.trip_sheet": trips,
        "staff.edit_trip": trips,
        "staff.logged": numbers[:1],
        "staff.reversal": _steps(network),
        "staff.uncounting": _counted_box(network),
        "staff.undoing": _entries(network),
        "staff.opening": [{"list_id": list_id} for list_id in ledgers(network)],
        "staff.opening_sums": [{"list_id": list_id} for list_id in ledgers(network)[:1]],
        **_papers(network, numbers, person),
        **_stocktakes(network),
        **_losses(network, person),
        "staff.exchange_form": [{}, {"to": next(iter(points.values()))}],
        "staff.exchange_page": _exchanges(network),
        "staff.exchange_paper": _exchanges(network),
        "staff.teacher": [{"person_id": db.session.scalars(select(TeacherLink.person_id).limit(1)).one()}],
        "staff.point": [{"code": code} for code in points.values()],
        "staff.reading_sheet": [{"code": code} for code in list(points.values())[:1]],
        "staff.confirmation": [{"code": code} for code in list(points.values())[:2]],
        "staff.point_change": [
            {"code": next(iter(points.values())), "change": change} for change in CHANGES if change != "merge"
        ],
        "staff.point_merger": [{"code": next(iter(points.values()))}],
        "manager.point": [{"code": code} for code in points.values()],
        "manager.use": [{}, {"by": "subtree", "show": "old_share"}, {"from": "2001-01", "to": "2001-02"}],
        "manager.overview_page": [{}, {"from": "2019-01", "to": "2019-03"}],
        "manager.records_page": [{}, {"sort": "visits", "from": "2026-01", "to": "2026-06"}],
        "manager.sleeping_page": [{}, {"quiet": 12}],
        "staff.communities": [{}, {"q": "ct", "kind": "village"}],
        "staff.community": [{"community_id": one} for one in _communities(network)],
        **_readings(network),
        "staff.point_return": [{"code": code} for code in list(points.values())[:2]],
        **_returns(network),
    }


def _communities(network: int) -> list[int]:
    """One of every kind."""
    first = select(func.min(Community.id)).where(Community.network_id == network).group_by(Community.kind)
    return list(db.session.scalars(first))


def _readings(network: int) -> Parameters:
    """A month and a stay that were reported, the grid of a calendar year, and what a filter finds nothing for."""
    reported = (
        select(ServicePoint.code, Reading.month, Batch.number)
        .join(Reading, (Reading.network_id == ServicePoint.network_id) & (Reading.point_id == ServicePoint.id))
        .outerjoin(Batch, (Batch.network_id == Reading.network_id) & (Batch.id == Reading.batch_id))
        .where(Reading.network_id == network)
        .order_by(Reading.id.desc())
    )
    month = db.session.execute(reported.where(Reading.window_kind == "month").limit(1)).all()
    stay = db.session.execute(reported.where(Reading.window_kind == "stay").limit(1)).all()
    return {
        "staff.readings": [{}, {"year": f"{clock.today(TIME_ZONE).year}", "kind": "mobile_stop"}],
        "staff.month_reading": [{"code": row.code, "month": row.month} for row in month],
        "staff.stay_reading": [{"code": row.code, "number": row.number} for row in stay],
    }


def _returns(network: int) -> Parameters:
    """A return of every state, and what is missing of one and of a delivery."""
    newest = select(func.max(Batch.number)).where(Batch.network_id == network)
    states = newest.where(Batch.kind == "return").group_by(Batch.state)
    numbers = [{"number": number} for number in db.session.scalars(states)]
    kinds = newest.where(Batch.kind.in_(("return", "delivery"))).group_by(Batch.kind)
    return {
        "staff.scan_back": numbers,
        "staff.settles": numbers[:1],
        "staff.missing_list": [{"number": number} for number in db.session.scalars(kinds)],
    }


def _steps(network: int) -> list[dict[str, Any]]:
    """A step that can be taken back, and one that others stand in the way of: the newest receipt, the first sending."""
    found = (
        select(Batch.number, BatchEvent.id)
        .join(BatchEvent, (BatchEvent.network_id == Batch.network_id) & (BatchEvent.batch_id == Batch.id))
        .where(Batch.network_id == network, BatchEvent.entry_id.is_not(None))
        .limit(1)
    )
    newest = found.where(BatchEvent.step == "received").order_by(BatchEvent.id.desc())
    first = found.where(BatchEvent.step == "dispatched").order_by(BatchEvent.id)
    steps = [db.session.execute(one).one() for one in (newest, first)]
    return [{"number": number, "event_id": event_id} for number, event_id in steps]


def _counted_box(network: int) -> list[dict[str, Any]]:
    """A box whose count can be taken back: the last one."""
    last = (
        select(Batch.number, Box.number)
        .join(Box, (Box.network_id == Batch.network_id) & (Box.batch_id == Batch.id))
        .where(Batch.network_id == network, Box.counted_on.is_not(None))
        .order_by(Box.id.desc())
    )
    number, box = db.session.execute(last.limit(1)).one()
    return [{"number": number, "box": box}]


def _entries(network: int) -> list[dict[str, Any]]:
    """What its batch takes back: the address leads there."""
    newest = select(func.max(BatchEvent.entry_id)).where(
        BatchEvent.network_id == network, BatchEvent.step == "received"
    )
    return [{"entry_id": db.session.scalars(newest).one()}]


def _exchanges(network: int) -> list[dict[str, Any]]:
    """The last visit."""
    last = select(func.max(Exchange.id)).where(Exchange.network_id == network)
    return [{"exchange_id": exchange_id} for exchange_id in db.session.scalars(last) if exchange_id]


def _busiest(network: int) -> Any:
    """The counted lot and the copy with the longest lives."""
    return select(func.max(Move.lot_id)).where(Move.network_id == network).group_by(Move.serial)


def _stocktakes(network: int) -> Parameters:
    """One that goes on, and one that is over."""
    numbers = [{"number": number} for number in stocktakes(network, "ZJ-M01", "ZJ-D01")]
    one = ("staff.stocktake", "staff.stocktake_variance", "staff.stocktake_sheet")
    return {"staff.stocktakes": [{}, {"q": "nobody"}]} | dict.fromkeys(one, numbers)


def _losses(network: int, person: str) -> Parameters:
    """A difference that is open and one of each ending, a repair, a list that is approved and a draft, a find."""
    cases = select(func.max(Discrepancy.id)).where(Discrepancy.network_id == network).group_by(Discrepancy.resolution)
    lists = select(func.max(Disposal.number)).where(Disposal.network_id == network).group_by(Disposal.state)
    finds = select(Move.lot_id, Move.entry_id).where(Move.network_id == network, Move.reason == "found_again")
    lost = select(func.max(Move.lot_id)).where(Move.network_id == network, Move.reason == "lost")
    numbers = [{"number": number} for number in db.session.scalars(lists)]
    shown = [{"case_id": case_id} for case_id in db.session.scalars(cases)]
    repairs = db.session.scalars(select(Repair.id).where(Repair.network_id == network))
    gone = [{"lot_id": lot_id} for lot_id in db.session.scalars(lost) if lot_id]
    return {
        "staff.case": shown if person == "clerk" else shown[:1],
        "staff.disposal": numbers,
        "staff.disposal_paper": numbers[:1],
        "staff.repair": [{"repair_id": repair_id} for repair_id in repairs][:1],
        "staff.found_again": gone,
        "staff.reverse_find": [{"entry_id": row.entry_id} for row in db.session.execute(finds)][:1],
        "staff.worn": [{}, {"since": "2025-01-01", "until": "2026-12-31"}],
        "staff.register_cases": [{}, {"state": "open"}],
    }


def _papers(network: int, numbers: list[dict[str, Any]], person: str) -> Parameters:
    """Papers of a batch of every kind that has them, of one in boxes and of one that is late; an agreement."""
    handed = select(func.max(Batch.number)).where(Batch.network_id == network, Batch.kind.in_(HANDED_OVER))
    late = select(func.max(Batch.number)).where(
        Batch.network_id == network, standing("overdue", clock.today(TIME_ZONE))
    )
    notes = [{"number": number} for number in db.session.scalars(handed.group_by(Batch.kind))]
    agreement = select(func.min(Agreement.id)).where(Agreement.network_id == network)
    return {
        "staff.handover_note": notes if person == "clerk" else notes[:1],
        "staff.packing_list": numbers[:1],
        "staff.box_labels": numbers[:1],
        "staff.overdue_letter": [{"number": db.session.scalars(late).one()}],
        "staff.agreement": [{"agreement_id": db.session.scalars(agreement).one()}],
    }


def _teachers(point: ServicePoint) -> Parameters:
    """Their points, boxes on the road, a month of every state, stays and receipts."""
    stocktakes(_point("ZJ-M01").network_id, "ZJ-M01", "ZJ-D01")
    answers = select(AnswersFor.person_id).where(AnswersFor.point_id == point.id)
    person_id, today = db.session.scalars(answers).one(), clock.today(TIME_ZONE)
    own = points_on([point.network_id], today, points_of(point.network_id, person_id))
    codes = {one.id: one.code for one in own}
    places = {one.place_id: one.code for one in own}
    return {
        "teacher.point": [{"code": code} for code in codes.values()],
        "teacher.lesson": [{"code": code} for code in codes.values()][:1],
        "teacher.summary": [{"code": code} for code in codes.values()][:1],
        "teacher.loss": [{"code": code} for code in codes.values()][:1],
        "teacher.point_changes": [{"code": code} for code in codes.values()][:1],
        "teacher.receive": [
            {"code": places[batch.place_id], "number": batch.number}
            for batch in on_the_way(point.network_id, list(places))
        ],
        "teacher.stocktake": [{"code": places[place]} for place in counting_at(point.network_id, list(places))],
        "teacher.received": [
            {"code": code, "number": row.number}
            for place, code in places.items()
            for row in taken_in_lately(point.network_id, place)[:1]
        ],
        "teacher.fetch": [
            {"code": code, "number": one.number}
            for place, code in places.items()
            for one in staying_at(point.network_id, place)[:1]
        ],
        "teacher.new_wish": [{"code": next(iter(codes.values()))}],
        "teacher.edit_wish": [
            {"code": codes[one.point_id], "wish_id": one.id}
            for one in open_wishes(point.network_id)
            if one.point_id in codes
        ],
        "teacher.report": [{"code": code, "month": month} for code, month in _months(own).values()],
        "teacher.stay": [
            {"code": codes[stay.point_id], "number": stay.number} for stay in stays(point.network_id, own, 2)
        ],
        "teacher.receipt": [
            {"code": codes[point_id], "number": number}
            for point_id, number in db.session.execute(
                select(Reading.point_id, func.max(ReadingRevision.receipt))
                .join(ReadingRevision, ReadingRevision.reading_id == Reading.id)
                .where(Reading.network_id == point.network_id, Reading.point_id.in_(codes))
                .group_by(Reading.point_id)
            )
        ],
    }


def _months(points: list[Point]) -> dict[str, tuple[str, str]]:
    """By state a point's code and a month in that state."""
    codes, today = {point.id: point.code for point in points}, clock.today(TIME_ZONE)
    first, last = f"{today.year - 1}-{today.month:02}", f"{today:%Y-%m}"
    found = states_by_month(points, first, last, today, 10)
    return {state: (codes[point_id], month) for (point_id, month), state in found.items()}
