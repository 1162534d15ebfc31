"""The job that asks: one address a second, what was answered kept for ever, no lock held while it waits."""

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

from geopy.extra.rate_limiter import RateLimiter
from sqlalchemy import insert, select

from branchnet import clock, queue
from branchnet.access.acts import Act
from branchnet.extensions import db
from branchnet.models import GeocoderAnswer
from branchnet.points.geocoding.providers import Refused, asker
from branchnet.points.geocoding.queries import answers, sought
from branchnet.queue import Outside

SECONDS_BETWEEN = 1.0
AT_ONCE = 50
"""Addresses of one job: it ends in time, however long each answer takes, and asks for another one."""
BROKEN_AT_MOST = 3
"""Answers one after another that are none, after which it is left for another day."""


def ask_all(act: Act) -> Generator[Outside, Any, dict[str, Any]]:
    """Ask for every address that was never asked for. The result: how many were, and why it stopped early."""
    settings = queue.settings()
    if not settings.geocoder:
        return {"asked": 0, "refused": "off"}
    ask = RateLimiter(asker(settings), min_delay_seconds=SECONDS_BETWEEN, max_retries=0, swallow_exceptions=False)
    known = answers(act.network_id, settings.geocoder)
    wanted = [query for query in dict.fromkeys(one.query for one in sought(act)) if query and query not in known]
    asked = broken = 0
    for done, query in enumerate(wanted[:AT_ONCE]):
        answer = yield Outside(done, len(wanted), partial(_answer, ask, query))
        if not isinstance(answer, Refused):
            _keep(act, settings.geocoder, query, answer)
            asked, broken = asked + 1, 0
            continue
        broken += 1
        if answer.code != "broken" or broken >= BROKEN_AT_MOST:
            return {"asked": asked, "refused": answer.code}
    if len(wanted) > AT_ONCE and asked:
        queue.ask(act.network_id, "geocode")
    return {"asked": asked}


def _answer(ask: Callable[[str], Any], query: str) -> Any:
    try:
        return ask(query)
    except Refused as refused:
        return refused


def _keep(act: Act, provider: str, query: str, found: list[dict[str, Any]]) -> None:
    mine = {"network_id": act.network_id, "provider": provider, "query": query}
    if db.session.execute(select(GeocoderAnswer.id).filter_by(**mine)).first() is None:
        db.session.execute(insert(GeocoderAnswer).values(**mine, found=found, asked_at=clock.now()))
