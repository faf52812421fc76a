"""Every text of the interface has English, with the same placeholders, and nothing stale is kept."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.template import Context, Template
from django.utils import translation

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import messages  # noqa: E402

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")
THAI = re.compile(r"[\u0e00-\u0e7f]")
MAKE = "run `.venv/bin/python scripts/messages.py` and write the English"


@pytest.fixture(scope="module")
def book() -> polib.POFile:
    """The English catalogue."""
    return polib.pofile(str(messages.CATALOGUE))


def forms(entry: polib.POEntry) -> Iterator[tuple[str, str]]:
    """Each form of an entry beside its English."""
    if not entry.msgid_plural:
        yield entry.msgid, entry.msgstr
        return
    yield entry.msgid, entry.msgstr_plural.get(0, "")
    yield entry.msgid_plural, entry.msgstr_plural.get(1, "")


def test_the_catalogue_holds_exactly_the_marked_texts(book: polib.POFile, marked: list[messages.MarkedText]) -> None:
    shown = {(m.context, m.text, m.plural or "") for m in marked}
    kept = {(e.msgctxt, e.msgid, e.msgid_plural or "") for e in book}
    assert shown - kept == set(), MAKE
    assert kept - shown == set(), MAKE


def test_every_text_has_english(book: polib.POFile) -> None:
    assert [e.msgid for e in book if not all(english for _, english in forms(e))] == [], MAKE
    assert [e.msgid for e in book if e.fuzzy] == []


def test_english_is_english(book: polib.POFile) -> None:
    assert [english for e in book for _, english in forms(e) if THAI.search(english)] == []


def test_placeholders_are_those_of_the_thai(book: polib.POFile) -> None:
    def names(text: str) -> set[str]:
        return set(PLACEHOLDER.findall(text)) - {"%%"}

    wrong = [e.msgid for e in book for thai, english in forms(e) if names(thai) != names(english)]
    assert wrong == []


def test_plain_percent_signs_are_doubled_where_values_go_in(book: polib.POFile) -> None:
    formatted = [english for e in book for thai, english in forms(e) if re.search(r"%\(\w+\)[sd]", thai)]
    assert [t for t in formatted if "%" in re.sub(r"%\(\w+\)[sd]|%%", "", t)] == []


def test_collecting_sees_every_way_of_marking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    module = tmp_path / "module.py"
    module.write_text(
        "from django.utils.translation import gettext as _, ngettext, pgettext_lazy as p\n"
        "_('ก' 'ข'); ngettext('ค', 'ง', 2); p('where', 'จ'); other('ฉ')\n",
        encoding="utf-8",
    )
    found = {(m.text, m.plural, m.context) for m in messages.texts_in_python(module)}
    assert found == {("กข", None, None), ("ค", "ง", None), ("จ", None, "where")}
    page = tmp_path / "page.html"
    page.write_text(
        '{% load i18n %}{% translate "ก" %}{% if x %}{% translate "ข" context "where" as y %}{% endif %}'
        '{% include "x.html" with t=_("ค") only %}{% translate "90 %" %}'
        "{% blocktranslate trimmed count n=x %}\n  ง {{ n }}\n  จ{% plural %}ฉ {{ n }}{% endblocktranslate %}",
        encoding="utf-8",
    )
    found = {(m.text, m.plural, m.context) for m in messages.texts_in_template(page)}
    expected = {("ก", None, None), ("ข", None, "where"), ("ค", None, None), ("ง %(n)s จ", "ฉ %(n)s", None)}
    expected.add(("90 %%", None, None))  # as a template looks it up
    assert found == expected


def test_a_text_with_a_per_cent_sign_is_found_from_templates_too() -> None:
    """A template looks it up with the sign doubled, and shows it single."""
    page = Template('{% load i18n %}{% translate "ช่วงที่น่าจะเป็น 90 %" %}')
    with translation.override("en"):
        assert page.render(Context()) == "90 % interval"
    with translation.override("th"):
        assert page.render(Context()) == "ช่วงที่น่าจะเป็น 90 %"
