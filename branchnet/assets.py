"""Style sheets and scripts of other projects, taken out of the installed wheels at set-up.

Nothing of theirs is committed and no page asks another server for it: `collect` copies each file to
``static/vendor/<name>/`` and writes a gzip twin beside every text file of ``static/``, which
WhiteNoise sends to browsers that accept it (`serve`).
"""

import gzip
import hashlib
import shutil
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

STATIC = Path(__file__).resolve().parent / "static"
COMPRESSED = frozenset({".css", ".js", ".svg", ".json", ".geojson", ".txt", ".webmanifest"})
# Below this many bytes a gzip twin saves no packet on the wire.
WORTH_COMPRESSING = 512
# Seconds a browser may keep a file: each address carries its version, so a changed file is a new address.
KEEP = 30 * 24 * 3600


class MissingAsset(Exception):
    """A wheel is not installed, or holds another release's files; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """What is taken from one wheel: `files` maps a path under `folder` to its name under ``vendor/``."""

    distribution: str
    folder: str
    files: dict[str, str]


PACKAGES = (
    Package(
        "Bootstrap-Flask",
        "flask_bootstrap/static/bootstrap5",
        {
            "css/bootstrap.min.css": "bootstrap/css/bootstrap.min.css",
            "js/bootstrap.min.js": "bootstrap/js/bootstrap.min.js",
            "umd/popper.min.js": "bootstrap/js/popper.min.js",
        },
    ),
    Package("django-js-lib-htmx", "js_lib_htmx/static/htmx", {"htmx.min.js": "htmx/htmx.min.js"}),
    Package(
        "XStatic-Leaflet",
        "xstatic/pkg/leaflet/data",
        {
            "leaflet.css": "leaflet/leaflet.css",
            "leaflet.js": "leaflet/leaflet.js",
            "images/layers.png": "leaflet/images/layers.png",
            "images/layers-2x.png": "leaflet/images/layers-2x.png",
            "images/marker-icon.png": "leaflet/images/marker-icon.png",
            "images/marker-icon-2x.png": "leaflet/images/marker-icon-2x.png",
            "images/marker-shadow.png": "leaflet/images/marker-shadow.png",
        },
    ),
    Package(
        "XStatic-Leaflet-MarkerCluster",
        "xstatic/pkg/leaflet_markercluster/data",
        {
            "leaflet.markercluster.js": "markercluster/leaflet.markercluster.js",
            "MarkerCluster.css": "markercluster/MarkerCluster.css",
            "MarkerCluster.Default.css": "markercluster/MarkerCluster.Default.css",
        },
    ),
)


def collect(static: Path = STATIC) -> int:
    """Bring ``static/vendor`` and the gzip twins up to date; return how many files were written.

    Safe to repeat: what is already there and unchanged is left alone. Raises MissingAsset.
    """
    written = sum(_copy(source, static / "vendor" / name) for source, name in sources())
    return written + compress(static)


def serve(app: Flask, static: Path = STATIC) -> None:
    """Let WhiteNoise answer for ``/static/``, and give every such address the version of its file."""

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "v" not in values:
            values["v"] = version(static / values["filename"])

    answer = WhiteNoise(app.wsgi_app, max_age=KEEP, autorefresh=app.debug, add_headers_function=_no_guessing)
    answer.add_files(str(static), prefix="static/")
    app.wsgi_app = answer  # type: ignore[method-assign] # Flask's documented place for a layer around it


@cache
def version(file: Path) -> str | None:
    """Eight characters that change with the file's content; none where there is no such file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:8] if file.is_file() else None


def sources() -> list[tuple[Path, str]]:
    """Each file inside the installed wheels, with its name under ``vendor/``. Raises MissingAsset."""
    found: list[tuple[Path, str]] = []
    for package in PACKAGES:
        folder = _folder(package)
        for inside, name in package.files.items():
            source = folder / inside
            if not source.is_file():
                raise MissingAsset(
                    f"{package.distribution} holds no {inside}: install the release in requirements.txt."
                )
            found.append((source, name))
    return found


def compress(static: Path) -> int:
    """Write a gzip twin for every text file that has none or an older one; return how many."""
    written = 0
    for source in sorted(path for path in static.rglob("*") if path.suffix in COMPRESSED):
        twin = source.with_name(source.name + ".gz")
        if source.stat().st_size < WORTH_COMPRESSING:
            twin.unlink(missing_ok=True)
            continue
        if _as_new(twin, source):
            continue
        # No time stamp inside, so that two machines make the same bytes of the same file.
        twin.write_bytes(gzip.compress(source.read_bytes(), compresslevel=9, mtime=0))
        shutil.copystat(source, twin)
        written += 1
    return written


def _no_guessing(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def _folder(package: Package) -> Path:
    try:
        distribution = metadata.distribution(package.distribution)
    except metadata.PackageNotFoundError as error:
        raise MissingAsset(
            f"{package.distribution} is not installed: pip install --require-hashes -r requirements.txt"
        ) from error
    return Path(str(distribution.locate_file(package.folder)))


def _copy(source: Path, target: Path) -> bool:
    if _as_new(target, source) and target.stat().st_size == source.stat().st_size:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)
    return True


def _as_new(target: Path, source: Path) -> bool:
    """Whether `target` was made from this very `source`: both carry the same time of change."""
    return target.is_file() and target.stat().st_mtime_ns == source.stat().st_mtime_ns
