"""What a device is called in lists of sessions and of phones. Pure."""

SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def device_label(user_agent: str) -> str:
    """Enough to tell one's own phone from another: "Android, WeChat". No version, no model."""
    named = [next((word for mark, word in marks if mark in user_agent), None) for marks in (SYSTEMS, BROWSERS)]
    return ", ".join(word for word in named if word) or "?"
