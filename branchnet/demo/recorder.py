"""When the story's steps are written down: each once, under its own operation, in the evening of its day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from branchnet import clock
from branchnet.access.acts import Act
from branchnet.access.operations import Outcome, perform

TIME_ZONE = "Asia/Shanghai"
DESK_HOUR = time(16, 0)
"""From then on the desk writes down what was done that day, a minute a step."""
PHONE_HOUR = time(18, 30)
"""From then on teachers send their readings in."""
AT_LEAST_APART = timedelta(minutes=1)


class Recorder:
    """Performs steps in one network, so that none is recorded later than now or before the one it follows."""

    def __init__(self, network_id: int) -> None:
        self.network_id = network_id
        self._now = clock.now()
        self._written: Counter[tuple[date, time]] = Counter()

    def do(
        self,
        key: UUID | str,
        verb: str,
        on: date,
        effect: Callable[[Act], Outcome],
        person_id: int | None = None,
        hour: time = DESK_HOUR,
    ) -> Outcome:
        """Do a step under its operation id; a repetition does nothing and gives the same outcome."""
        act = Act(self.network_id, person_id)
        with clock.at(self._moment(on, hour)):
            return perform(act, str(key), f"demo.{verb}", {"on": on.isoformat()}, lambda: effect(act))

    def _moment(self, on: date, hour: time) -> datetime:
        after = AT_LEAST_APART * self._written[on, hour]
        self._written[on, hour] += 1
        return min(datetime.combine(on, hour, ZoneInfo(TIME_ZONE)) + after, self._now)
