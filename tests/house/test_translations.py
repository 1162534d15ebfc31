"""Every Chinese text of ours has its English, made from the same values."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import Babel, force_locale

from branchnet.language import days_long, month_name, unit_of

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ROOT / "branchnet" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
# Two kinds of places for a value: Python's, and those which the map's script fills in.
PLACES = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
CHINESE = re.compile(r"[\u3400-\u9fff]")
Key = tuple[str | None, str]


def forms(text: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [text] if isinstance(text, str) else list(text or ())


def key(message: Message) -> Key:
    return message.context, forms(message.id)[0]


def places(text: str) -> set[str]:
    return {found.group(0) for found in PLACES.finditer(text)}


@pytest.fixture(scope="module")
def said() -> dict[Key, str]:
    """Every text in code and templates, and the file it stands in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # babel types all but this
    keywords = {**DEFAULT_KEYWORDS, "lazy_gettext": None}
    ours = ROOT / "branchnet"

    def within(folder: str) -> bool:
        return ours == Path(folder) or ours in Path(folder).parents

    found = extract_from_dir(ROOT, methods, options, keywords, directory_filter=within)
    return {(context, forms(text)[0]): name for name, _line, text, _comments, context in found}


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file)


@pytest.fixture
def speaking_english(english: Catalog, tmp_path: Path) -> Iterator[None]:
    compiled = tmp_path / "en" / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True)
    with compiled.open("wb") as file:
        write_mo(file, english)
    app = Flask("speaking")
    Babel(app, default_translation_directories=str(tmp_path))
    with app.test_request_context("/"), force_locale("en"):
        yield


def test_every_text_is_in_the_catalogue(said: dict[Key, str], english: Catalog) -> None:
    assert len(said) > 500
    known = {key(message) for message in english if message.id}
    assert {text: name for text, name in said.items() if text not in known} == {}


def test_the_catalogue_holds_nothing_else(said: dict[Key, str], english: Catalog) -> None:
    assert [key(message) for message in english if message.id and key(message) not in said] == []
    assert not english.obsolete


def test_every_text_has_english_words(english: Catalog) -> None:
    bare = [message.id for message in english if message.id and not all(forms(message.string))]
    assert bare == []
    assert [message.id for message in english if message.id and message.fuzzy] == []
    left = [text for message in english if message.id for text in forms(message.string) if CHINESE.search(text)]
    assert left == []


def test_the_values_have_their_places(english: Catalog) -> None:
    different = [
        message.id
        for message in english
        if message.id and any(places(text) != places(forms(message.id)[0]) for text in forms(message.string))
    ]
    assert different == []


def test_no_percent_sign_is_taken_for_a_value(english: Catalog) -> None:
    for message in english:
        if message.id and message.python_format:
            for text in forms(message.string):
                assert "%" not in PLACES.sub("", text).replace("%%", ""), text


@pytest.mark.usefixtures("speaking_english")
def test_one_is_not_many() -> None:
    assert [unit_of(count, "copies") for count in (0, 1, 2)] == ["copies", "copy", "copies"]
    assert unit_of(1, "km") == "km"
    assert [days_long(count) for count in (1, 9)] == ["1 day", "9 days"]


@pytest.mark.usefixtures("speaking_english")
def test_a_month_has_a_name() -> None:
    assert month_name("2026-03") == "March 2026"
    with force_locale("zh"):
        assert month_name("2026-03") == "2026年3月"
        assert unit_of(1, "册") == "册"
