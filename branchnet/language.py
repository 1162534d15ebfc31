"""Words in the reader's language. Chinese is the text itself; English comes from the catalogue."""

from flask_babel import gettext


def _(text: str, **values: object) -> str:
    """The text in the reader's language, with its values put in."""
    return str(gettext(text, **values))
