"""A real server on this machine that speaks as Baidu's and Tianditu's geocoders do; what it says is set by address."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

Said = tuple[int, str]
"""A status of HTTP, and a body."""


@dataclass
class Geocoder:
    """The server's address, what it says (by the address that is asked for), and what it was asked."""

    url: str
    says: dict[str, Said] = field(default_factory=dict)
    otherwise: Said = (200, "{}")
    asked: list[tuple[str, str]] = field(default_factory=list)
    """Paths and addresses."""
    keys: set[str] = field(default_factory=set)


def answered(body: Any, status: int = 200) -> Said:
    """JSON, as both say it."""
    return status, json.dumps(body, ensure_ascii=False)


def baidu(lat: float, lon: float, precise: int = 0) -> Said:
    """As Baidu's version 3 answers, on BD-09."""
    place = {"location": {"lng": lon, "lat": lat}, "precise": precise, "confidence": 70, "level": "村庄"}
    return answered({"status": 0, "result": place})


def tianditu(lat: float, lon: float, level: str = "社区村落") -> Said:
    """As Tianditu answers since version 7 of its search: degrees as texts, on CGCS2000."""
    place = {"score": 100, "level": level, "lon": str(lon), "lat": str(lat), "keyWord": "问的"}
    return answered({"msg": "ok", "location": place, "searchVersion": "7.5.0V", "status": "0"})


@contextmanager
def geocoder() -> Iterator[Geocoder]:
    """The server while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            sent = {name: values[0] for name, values in parse_qs(parts.query).items()}
            address = sent.get("address") or json.loads(sent["ds"])["keyWord"]
            found.asked.append((parts.path, address))
            found.keys.add(sent.get("ak") or sent["tk"])
            status, body = found.says.get(address, found.otherwise)
            self.send_response(status)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Geocoder(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
