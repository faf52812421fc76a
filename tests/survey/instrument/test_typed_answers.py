"""What is typed and pasted into answers: read as shown, or asked back with what was understood."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from survey.instrument.schema import Item
from survey.instrument.values import parse_posted_card, restated_values
from survey.models import Answer
from tests.survey.answering.test_fill import JSON, url
from tests.survey.instrument.test_values import REAL
from tests.trial import REAL as REAL_FORM
from tests.trial import Trial, make_trial

CASES = Path("/work/shared/cases/inputs.tsv")


def field(kind: str) -> Item:
    """A field of the real form that asks for this."""
    if kind in ("phone", "email"):
        return next(i for i in REAL.items.values() if i.format == kind)
    if kind == "number":
        return next(i for i in REAL.items["P4.1"].card() if i.kind == "number")
    return next(i for i in REAL.items.values() if i.kind == kind and not i.repeat and i.question)


def typed(kind: str, text: str) -> tuple[Any, list[str]]:
    """The value and the reasons."""
    item = field(kind)
    values, invalid = parse_posted_card(REAL.items[item.question or item.id], {item.id: [text]})
    return values.get(item.id), [i.message() for i in invalid]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("phone", "\u2066042-411-778\u2069", "042-411-778"),
        ("phone", "042–411778", "042-411-778"),
        ("phone", "042-411778 หรือ 081-000-0000", "042-411-778, 081-000-0000"),
        ("email", "a@example.org\u200e", "a@example.org"),
        ("email", "<a@example.org>", "a@example.org"),
        ("number", "1,234", "1234"),
        ("number", "１２３", "123"),
        ("number", "๑,๒๓๔", "1234"),
        ("url", "www.example.go.th", "https://www.example.go.th"),
        ("text", "ก\tข\x07\r\nค\u202e", "ก ข\nค"),
    ],
)
def test_understood(kind: str, text: str, value: str) -> None:
    assert typed(kind, text) == (value, [])


@pytest.mark.parametrize("posted", [["6", "2568"], ["06", "68"], ["๐๖", "๒๕๖๘"], ["มิ.ย.", "2568"], ["6", "2025"]])
def test_a_month_and_a_year_of_either_era(posted: list[str]) -> None:
    item = field("month_year")
    question = REAL.items[item.question or item.id]
    assert parse_posted_card(question, {item.id: posted}) == ({item.id: "2025-06"}, [])


def test_a_comma_is_never_deleted() -> None:
    value, reasons = typed("number", "4,5")
    assert value is None
    assert "4.5 หรือ 45" in reasons[0]


def test_only_what_was_changed_is_shown() -> None:
    item = field("number")
    question = REAL.items[item.question or item.id]
    posted = {item.id: ["๑,๒๓๔"]}
    assert restated_values(question, posted, parse_posted_card(question, posted)[0]) == {item.id: "1234"}
    assert restated_values(question, {item.id: [" 1234 "]}, {item.id: "1234"}) == {}


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not on this machine")
def test_the_shared_cases_are_read_or_asked_back() -> None:
    for line in CASES.read_text(encoding="utf-8").splitlines():
        kind, _tab, text = line.partition("\t")
        value, reasons = typed(kind, text)
        assert bool(reasons) == (text == "4,5"), line
        assert (value is None) == bool(reasons)


def test_the_page_shows_what_was_understood_and_keeps_what_was_not(client: Client, db: None) -> None:
    world: Trial = make_trial(REAL_FORM)
    client.force_login(world.secretariat)
    item = next(i for i in world.compiled.items["P4.1"].card() if i.kind == "number")
    data = {"P4.1": "count", item.id: "๑,๒๓๔", "_revision": "0"}
    told = client.post(url(world, "P4.1"), data, **JSON).json()
    assert told["understood"] == {item.id: ["1234", "เข้าใจว่า 1234"]}
    assert Answer.objects.get().value[item.id] == "1234"
    page = client.post(url(world, "P4.1"), {**data, item.id: "4,5", "_revision": "1"})
    assert page.status_code == 422
    assert 'value="4,5"' in page.content.decode()
    assert "4.5 หรือ 45" in page.content.decode()
    assert Answer.objects.get().value[item.id] == "1234"
