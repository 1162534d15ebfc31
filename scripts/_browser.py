"""What the walks in a real browser need: Chromium, and a typeface that has Chinese."""

import os
import shutil
import subprocess
from pathlib import Path

from _setup import say, stop

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "The browser tests need {}: install the package, for example apt-get install {}."


def ensure_browser() -> str:
    """The path of a Chromium. Installs Debian's where possible; otherwise stops and says what to do."""
    if _chromium() is None:
        _apt_install("chromium")
    path = _chromium()
    if path is None:
        stop(MISSING.format("Chromium", "chromium"))
    if not _has_chinese():
        _apt_install("fonts-noto-cjk")
    if not _has_chinese():
        stop(MISSING.format("a Chinese typeface", "fonts-noto-cjk"))
    return str(path)


def speak_chinese() -> None:
    """Let Debian's Chromium write dates as readers in China see them, where that can be installed: for pictures."""
    os.environ["LANGUAGE"] = "zh_CN"
    if _chromium() == "/usr/bin/chromium" and not Path("/usr/lib/chromium/locales/zh-CN.pak").exists():
        _apt_install("chromium-l10n")


def _chromium() -> "str | None":
    """BRANCHNET_CHROMIUM names another one than the first on PATH."""
    chosen = os.environ.get("BRANCHNET_CHROMIUM")
    return chosen or next((path for path in map(shutil.which, NAMES) if path), None)


def _has_chinese() -> bool:
    """Whether fontconfig knows a Chinese typeface; where there is no fontconfig, the system has its own."""
    lister = shutil.which("fc-list")
    if lister is None:
        return True
    return bool(subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout.strip())


def _apt_install(package: str) -> None:
    """Try Debian's package; says nothing where this is not Debian or not root: the caller looks again."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    say(f"Installing {package}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "--yes", "--no-install-recommends", package]):
        subprocess.run([apt, *arguments], env=environment, capture_output=True, check=False)
