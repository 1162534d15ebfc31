"""The two geocoders, through geopy: an address goes out, candidates in WGS-84 come back. The only outside requests."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from geopy.exc import (
    GeocoderAuthenticationFailure,
    GeocoderInsufficientPrivileges,
    GeocoderQuotaExceeded,
    GeocoderServiceError,
    GeopyError,
)
from geopy.geocoders import BaiduV3
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location

from branchnet.config import Settings
from branchnet.points.datum import Datum, to_wgs84

SECONDS = 10
"""How long an answer is waited for."""
USER_AGENT = "BranchNet"
LONGEST_NAME = 100
_WELL_SCORED = 90
_NO_KEY = 418


class Refused(Exception):
    """The geocoder answers nobody now: ``code`` is "key", "quota" or "broken". Nothing is learnt of the address."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Provider:
    """A geocoder, where it is, the datum of its answers, and whether one of them is the very house."""

    make: Callable[..., Geocoder]
    host: str
    datum: Datum
    exact: Callable[[Mapping[str, Any]], bool]


class Baidu(BaiduV3):  # type: ignore[misc]  # geopy carries no types
    """Baidu's geocoder, version 3 (BD-09), at a host of one's own choice."""

    def __init__(self, api_key: str, domain: str, **options: Any) -> None:
        super().__init__(api_key, **options)
        self.api = f"{self.scheme}://{domain}{self.api_path}"

    def _parse_json(self, page: Mapping[str, Any], exactly_one: bool = True) -> Any:
        # An address that it does not know is told as an error of its own.
        if page.get("status") == 1 and "无相关结果" in str(page.get("msg") or page.get("message")):
            return None
        if place := page.get("result"):
            _check(float(place["location"]["lat"]), float(place["location"]["lng"]))
        return super()._parse_json(page, exactly_one)


class Tianditu(Geocoder):  # type: ignore[misc]  # geopy carries no types
    """The geocoder of 天地图 (http://lbs.tianditu.gov.cn/server/geocodinginterface.html): CGCS2000, one candidate.

    Its ``status`` is a text: 0 where all is well, 101 where nothing was found, 404 for an error. Degrees came as
    numbers up to version 6 of its search and come as texts since.
    """

    def __init__(self, api_key: str, domain: str, **options: Any) -> None:
        super().__init__(**options)
        self.api_key = api_key
        self.api = f"{self.scheme}://{domain}/geocoder"

    def geocode(self, query: str, *, exactly_one: bool = True, timeout: Any = DEFAULT_SENTINEL) -> Any:
        """The place of an address, or None."""
        asked = urlencode({"ds": json.dumps({"keyWord": query}, ensure_ascii=False), "tk": self.api_key})
        read = partial(self._parse, exactly_one=exactly_one)
        return self._call_geocoder(f"{self.api}?{asked}", read, timeout=timeout)

    def _parse(self, page: Mapping[str, Any], exactly_one: bool) -> Any:
        status, place = str(page.get("status")), page.get("location")
        if status == "101" or (status == "0" and not place):
            return None
        if status != "0" or place is None:
            raise GeocoderServiceError(f"status {status}")
        lat, lon = float(place["lat"]), float(place["lon"])
        _check(lat, lon)
        found = Location(place.get("keyWord") or "", (lat, lon), place)
        return found if exactly_one else [found]

    def _geocoder_exception_handler(self, error: Any) -> None:
        """A wrong key is answered by 403 with {code, msg, resolve}; by 418 one with blanks in it, or none at all.

        How it says that nothing is left for today is written nowhere: 429, or a text that names the quota.
        """
        if "配额" in (getattr(error, "text", None) or ""):
            raise GeocoderQuotaExceeded("quota") from error
        if getattr(error, "status_code", 0) == _NO_KEY:
            raise GeocoderAuthenticationFailure("key") from error


PROVIDERS: Mapping[str, Provider] = {
    "baidu": Provider(Baidu, "api.map.baidu.com", Datum.BD09, lambda raw: raw.get("precise") == 1),
    "tianditu": Provider(
        Tianditu,
        "api.tianditu.gov.cn",
        Datum.CGCS2000,
        lambda raw: str(raw.get("level")) == "门址" and _number(raw.get("score")) >= _WELL_SCORED,
    ),
}


def asker(settings: Settings) -> Callable[[str], list[dict[str, Any]]]:
    """What asks the geocoder of these settings for one address: {name, lat, lon, exact} of each candidate.

    The host may name its scheme (``http://10.0.0.8:9000``, for a library's own relay); without one it is HTTPS.
    What is asked raises Refused.
    """
    provider = PROVIDERS[settings.geocoder]
    scheme, _mark, host = (settings.geocoder_host or provider.host).rpartition("://")
    options = {"scheme": scheme or "https", "timeout": SECONDS, "user_agent": USER_AGENT}
    return partial(_ask, provider, provider.make(settings.geocoder_key.strip(), host.rstrip("/"), **options))


def _ask(provider: Provider, geocoder: Any, query: str) -> list[dict[str, Any]]:
    try:
        found = geocoder.geocode(query)
    except (GeocoderAuthenticationFailure, GeocoderInsufficientPrivileges) as error:
        raise Refused("key") from error
    except GeocoderQuotaExceeded as error:
        raise Refused("quota") from error
    except ValueError:
        # Degrees that are on no globe: an answer, and no candidate.
        return []
    except (GeopyError, TypeError, KeyError, AttributeError) as error:
        # Not an answer at all: a page of some portal, JSON of another shape, no network.
        raise Refused("broken") from error
    return [] if found is None else _candidates(provider, query, found)


def _candidates(provider: Provider, query: str, found: Any) -> list[dict[str, Any]]:
    """What can be a position; 0°, 0° is what some say who know nothing."""
    lat, lon = found.latitude, found.longitude
    if lat == 0 and lon == 0:
        return []
    stands = to_wgs84(provider.datum, lat, lon)
    raw = found.raw if isinstance(found.raw, Mapping) else {}
    name = str(raw.get("keyWord") or query)[:LONGEST_NAME]
    return [{"name": name, "lat": stands.lat, "lon": stands.lon, "exact": provider.exact(raw)}]


def _check(lat: float, lon: float) -> None:
    """Before geopy sees them: it turns a longitude of 470° into one of 110°. Raises ValueError."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"not a position in degrees: {lat}, {lon}")


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0
