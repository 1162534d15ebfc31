"""The visual language, as far as it can be held to its word without a server or a browser."""

import gzip
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, render_template
from flask_babel import Babel
from jinja2 import Environment, nodes

import branchnet
from branchnet.language import IN_TEMPLATES
from tests.look.samples import HOSTILE_NAME, NUMBERS, PAGES

PACKAGE = Path(branchnet.__file__).parent
TEMPLATES = sorted((PACKAGE / "templates").rglob("*.html"))
STYLES = sorted((PACKAGE / "static" / "css").glob("*.css"))
SCRIPTS = sorted((PACKAGE / "static" / "js").glob("*.js"))
CHINESE = re.compile(r"[\u3400-\u9fff]+")
TRANSLATING = {"_", "gettext", "ngettext", "pgettext", "npgettext"}
# A language is named in itself wherever one is reading from.
OWN_NAMES = {"中文"}
# Sample records for the gallery: data, as a library would have typed it.
DATA = {"gallery_data.html"}
PHONE_BUDGET = 20_000
TAG = re.compile(r"<[a-z][^>]*>", re.IGNORECASE)
FORM = re.compile(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", re.DOTALL)


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _environment() -> Environment:
    return Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def _app(language: str = "zh") -> Flask:
    app = Flask("branchnet", root_path=str(PACKAGE))
    app.secret_key = secrets.token_bytes()
    Babel(app, default_locale=language)
    app.jinja_env.globals.update(csp_nonce=lambda: "a-nonce", csrf_token=lambda: "a-token", **IN_TEMPLATES)
    return app


def _render(name: str, language: str = "zh") -> str:
    template, context = PAGES[name]
    with _app(language).test_request_context("/somewhere"):
        return render_template(template, lang=language, network_name="湛江市少年儿童图书馆", **context)


def _bare_chinese(tree: nodes.Node, translated: bool = False) -> Iterator[str]:
    """Every Chinese text in a parsed template that no translation can reach."""
    if isinstance(tree, nodes.Call) and isinstance(tree.node, nodes.Name) and tree.node.name in TRANSLATING:
        translated = True
    texts = [tree.data] if isinstance(tree, nodes.TemplateData) else []
    if isinstance(tree, nodes.Const) and isinstance(tree.value, str):
        texts = [tree.value]
    for text in texts:
        if not translated and set(CHINESE.findall(text)) - OWN_NAMES:
            yield text.strip()
    for child in tree.iter_child_nodes():
        yield from _bare_chinese(child, translated)


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_every_user_text_can_be_translated(path: Path) -> None:
    tree = _environment().parse(path.read_text(encoding="utf-8"))
    if path.name not in DATA:
        assert list(_bare_chinese(tree)) == []


def test_bare_chinese_is_found_where_there_is_some() -> None:
    tree = _environment().parse('<p>发出</p>{{ f("签收") }}{{ _("归还") }}{% trans %}清点{% endtrans %}')
    assert list(_bare_chinese(tree)) == ["<p>发出</p>", "签收"]


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_the_content_policy_has_nothing_to_refuse(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    for tag in TAG.findall(source):
        assert not re.search(r"\s(style|on[a-z]+)\s*=", tag), tag
        assert not re.match(r"<(style|iframe|object|embed)\b", tag, re.IGNORECASE), tag
        if tag.lower().startswith("<script"):
            assert 'nonce="{{ csp_nonce() }}"' in tag, tag
    assert "|safe" not in source.replace(" ", "")
    assert "javascript:" not in source


@pytest.mark.parametrize("path", [*TEMPLATES, *STYLES, *SCRIPTS], ids=_name)
def test_nothing_is_fetched_from_outside(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", source, re.IGNORECASE)
    if path.suffix == ".css":
        assert "@import" not in source
        assert "url(" not in source


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_comes_up_whole(name: str, language: str) -> None:
    page = _render(name, language)
    assert page.rstrip().endswith("</html>")
    assert f'<html lang="{"en" if language == "en" else "zh-CN"}">' in page
    assert len(re.findall(r"<h1[ >]", page)) == 1
    assert 'href="#main"' in page
    assert 'id="main"' in page
    assert "Undefined" not in page
    assert HOSTILE_NAME not in page
    title = re.search(r"<title>(.*?) · ", page)
    assert title
    assert title[1].strip()


@pytest.mark.parametrize("name", PAGES)
def test_every_name_in_a_page_is_unique(name: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', _render(name))
    assert len(ids) == len(set(ids))
    for targets in re.findall(r'aria-describedby="([^"]+)"', _render(name)):
        assert set(targets.split()) <= set(ids)


@pytest.mark.parametrize("name", [name for name in PAGES if name.startswith(("rea", "recei", "sign_in"))])
def test_every_form_is_ours_and_every_operation_its_own(name: str) -> None:
    forms = FORM.findall(_render(name))
    operations = [re.findall(r'name="op_id" value="([^"]*)"', form) for form in forms]
    assert all('name="csrf_token" value="a-token"' in form for form in forms)
    if name.startswith("sign_in"):
        assert operations == [[]]
    else:
        assert all(len(one) == 1 for one in operations)
        assert len({one[0] for one in operations}) == len(operations)


def test_the_reading_asks_for_the_numbers_by_their_names() -> None:
    page = _render("reading")
    for number in NUMBERS:
        assert re.search(rf'name="{number}" type="text" inputmode="numeric"', page)
    assert 'name="not_open" value="1"' in page


def test_a_point_closed_to_the_community_is_not_asked_about_it() -> None:
    assert "community_" not in _render("reading_first")


def test_what_was_typed_comes_back_with_its_error_beside_it() -> None:
    page = _render("reading_wrong")
    typed = re.search(r'<input[^>]*name="in_school_visits"[^>]*>', page)
    assert typed
    assert 'value="十二"' in typed[0]
    assert 'aria-describedby="f-in_school_visits-error"' in typed[0]
    assert "停电三天</textarea>" in page
    assert re.search(r'id="f-in_school_visits-error">.*?这里要写数字，比如 120。', page, re.DOTALL)


def test_a_box_offers_count_confirm_and_not_counted_yet() -> None:
    page = _render("receive")
    assert re.findall(r'name="action" value="(\w+)"', page) == ["confirm", "arrived", "count"]
    assert re.findall(r'name="(box-\d|copies)"', page) == ["box-1", "box-2", "box-3"]
    assert re.findall(r'name="(box-\d|copies)"', _render("receive_whole")) == ["copies"]
    assert 'value="arrived"' not in _render("receive_whole")


def test_a_password_never_comes_back() -> None:
    with _app().test_request_context("/"):
        page = render_template("account/sign_in.html", values={"login": "chen", "password": "s3cret"}, errors={})
    assert "s3cret" not in page
    assert 'value="chen"' in page


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("number(21239, '册')", "21,239册"),
        ("number(4900, '册', 'at_least')", "4,900余册"),
        ("number(0, '人次')", "0人次"),
        ("number(none, '人次')", "未知"),
        ("number('还没报', '人次')", "还没报"),
        ("batch_status('arrived')", "到了，还没清点"),
        ("status('<b>', 'look')", "&lt;b&gt;"),
    ],
)
def test_macros_say(call: str, expected: str) -> None:
    app = _app()
    with app.test_request_context("/"):
        source = '{% import "macros/ui.html" as ui %}{{ ui.' + call + " }}"
        said = app.jinja_env.from_string(source).render()
    assert re.sub(r"<[^>]*>|\s", "", said) == expected


def test_steps_of_a_batch_show_where_it_stands() -> None:
    app = _app()
    source = """{% import "macros/ui.html" as ui %}{{ ui.batch_steps("dispatched", events) }}"""
    with app.test_request_context("/"):
        steps = app.jinja_env.from_string(source).render(events={"draft": "2026-03-02T08:00"})
    assert steps.count("<li") == 5
    assert steps.count("step-past") == 2
    assert re.search(r'step-now" aria-current="step">.*?发出', steps)
    assert '<time datetime="2026-03-02">2026-03-02</time>' in steps


def test_every_macro_is_explained() -> None:
    for path in (PACKAGE / "templates" / "macros").glob("*.html"):
        source = path.read_text(encoding="utf-8")
        comments = " ".join(re.findall(r"\{#.*?#\}", source, re.DOTALL))
        for macro in re.findall(r"\{% macro (\w+)\(", source):
            assert macro in comments, f"{path.name}: {macro}"


def test_a_teachers_first_page_is_light() -> None:
    """The heaviest page with its styles and pictures, in bytes gzipped, far below the 60 kB we allow."""
    heaviest = max(len(gzip.compress(_render(name).encode())) for name in PAGES if name != "gallery")
    page = _render("reading")
    assert set(re.findall(r'<script src="/static/([^"?]+)', page)) == {"js/reading.js"}
    assert "bootstrap" not in page
    assets = set(re.findall(r'(?:href|src)="/static/([^"]+)"', page))
    weight = sum(len(gzip.compress((PACKAGE / "static" / asset).read_bytes())) for asset in assets)
    assert heaviest + weight < PHONE_BUDGET


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_what_narrows_a_list_demands_nothing(path: Path) -> None:
    """A filter that has to be filled in keeps its whole form from being sent."""
    forms = re.findall(r'<form[^>]*role="search".*?</form>', path.read_text(encoding="utf-8"), re.DOTALL)
    assert not [form for form in forms if "required=true" in form]
