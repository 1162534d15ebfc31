"""Pages as a person uses them: the forms that stand on them are what is sent."""

from html import unescape
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

Fields = dict[str, str]


class _Forms(HTMLParser):
    """Collects of each form its inputs and buttons; a button is kept as `name=value`."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[Fields, set[str]]] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append(({}, set()))
            self._open = True
        elif self._open and tag == "button" and given.get("name"):
            self.forms[-1][1].add(f"{given['name']}={given.get('value')}")
        elif self._open and tag in ("input", "textarea", "select") and given.get("name"):
            self.forms[-1][0][str(given["name"])] = given.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False


def form_with(page: TestResponse, field: str) -> Fields:
    """What the form sends that has this field, or this button as `name=value`; the button's value is in it."""
    collected = _Forms()
    collected.feed(page.text)
    for fields, buttons in collected.forms:
        if field in fields:
            return dict(fields)
        if field in buttons:
            name, value = field.split("=")
            return {**fields, name: value}
    raise AssertionError(f"no form with {field} on the page:\n{page.text}")


def send(client: FlaskClient, address: str, field: str, **typed: Any) -> TestResponse:
    """Open a page, fill in its form that has this field or button, and send it."""
    return client.post(address, data={**form_with(client.get(address), field), **typed})


def words(page: TestResponse) -> str:
    """A page's text as it is read, entities resolved."""
    return unescape(page.text)
