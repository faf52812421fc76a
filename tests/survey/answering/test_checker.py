"""What the checker finds, in which words, and that each of its links lands on something."""

import re
from datetime import date
from urllib.parse import unquote

import pytest
from django.test import Client

from survey.answering.checker import AttachedFile, OpenPoint, find_open_points
from survey.answering.queries import response_path
from survey.approval.review import current_open_points, point_href
from survey.instrument.check import check_instrument
from survey.instrument.path import resolve_path
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.models import Response
from tests.flow import COURSE, FULL, Flow, make_flow
from tests.people import People
from tests.trial import REAL, TRIAL

PERIOD = (date(2026, 6, 1), date(2027, 5, 31))
ALL: dict[str, AnswerValue] = {a: v for values in FULL.values() for a, v in values.items()}


@pytest.fixture(scope="module")
def instrument() -> CompiledInstrument:
    found, _faults = check_instrument(TRIAL.read_text(encoding="utf8"))
    assert found is not None
    return found


def points(
    instrument: CompiledInstrument,
    values: dict[str, AnswerValue],
    proofs: list[AttachedFile] | None = None,
    **more: dict[str, str],
) -> list[OpenPoint]:
    by_place: dict[str, list[AttachedFile]] = {}
    for proof in [AttachedFile(COURSE, "ก.pdf", True)] if proofs is None else proofs:
        by_place.setdefault(proof.address, []).append(proof)
    given = {"unsure": {}, "comments": {}, **more}
    return find_open_points(resolve_path(instrument, values), by_place, period=PERIOD, **given)


def found(some: list[OpenPoint]) -> list[tuple[str, str]]:
    return [(p.kind, p.address) for p in some]


def test_nothing_is_open_when_everything_is_given(instrument: CompiledInstrument) -> None:
    assert points(instrument, ALL) == []


def test_an_empty_form_misses_every_open_required_field(instrument: CompiledInstrument) -> None:
    some = points(instrument, {}, [])
    assert {p.kind for p in some} == {"missing"}
    expected = ["T0.mail", "T1", "T2", "T4/kiosk/state", "T4/van/state", "T5.1", "T6", "T8"]
    assert [p.address for p in some] == expected


def test_points_come_in_the_order_of_the_form(instrument: CompiledInstrument) -> None:
    some = points(instrument, {}, [], unsure={"T5.2": "–"}, comments={"T1": "ตรวจ"})
    order = [instrument.items[p.question].order for p in some]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("change", "proofs", "expected"),
    [
        ({}, [], [("no_file", COURSE)]),
        ({}, [AttachedFile(COURSE, "ก.pdf", False)], [("no_mark", COURSE)]),
        ({}, [AttachedFile(COURSE, "ก.pdf", True), AttachedFile(COURSE, "ข.pdf", False)], [("no_mark", COURSE)]),
        ({}, [AttachedFile(COURSE, "ก.pdf", True, date(2026, 5, 31))], [("date", COURSE)]),
        ({}, [AttachedFile(COURSE, "ก.pdf", True, date(2026, 6, 1))], []),
        ({}, [AttachedFile(COURSE, "ก.pdf", True), AttachedFile("T2=evening", "ค.pdf", False)], []),
        ({"T1": "doing", "T1.2": "2026-05"}, None, [("date", "T1.2"), ("missing", "T2")]),
        ({"T1": "doing", "T1.2": "2026-06"}, None, [("missing", "T2")]),
        ({"T1": "done"}, None, [("no_file", "T1=done"), ("missing", "T2")]),
        ({"T1": "done", "T1.3": "https://example.org/plan"}, None, [("missing", "T2")]),
        ({"T8": "yes", "T8.1": "6", "T8.1.of": "5"}, None, [("no_file", "T8=yes"), ("contradiction", "T8.1")]),
        ({"T8": "yes", "T8.1": "5", "T8.1.of": "5"}, None, [("no_file", "T8=yes")]),
    ],
)
def test_each_kind(
    change: dict[str, AnswerValue],
    proofs: list[AttachedFile] | None,
    expected: list[tuple[str, str]],
    instrument: CompiledInstrument,
) -> None:
    assert found(points(instrument, {**ALL, **change}, proofs)) == expected


def test_a_malformed_url_that_got_in_shows(instrument: CompiledInstrument) -> None:
    some = points(instrument, {**ALL, "T1": "done", "T1.3": "plan"})
    assert ("url", "T1.3") in found(some)


def test_unsure_and_comments_carry_their_words(instrument: CompiledInstrument) -> None:
    some = points(instrument, ALL, unsure={"T8": "ขอดูเอกสาร"}, comments={"T1": "แก้ตัวเลข"})
    assert [(p.kind, p.message.th.partition(": ")[2]) for p in some] == [
        ("comment", "แก้ตัวเลข"),
        ("unsure", "ขอดูเอกสาร"),
    ]
    assert some[0].message.en != some[0].message.th


def landings(response: Response, client: Client) -> tuple[list[str], list[str]]:
    """The fragments of all open points, and those of them that no page has as an id."""
    path = response_path(response)
    pages: dict[str, set[str]] = {}
    all_of_them, lost = [], []
    for point in current_open_points(response):
        page, _hash, fragment = point_href(response, point, path).partition("#")
        if page not in pages:
            pages[page] = set(re.findall(r'\bid="([^"]+)"', client.get(page).content.decode()))
        all_of_them.append(unquote(fragment))
        if unquote(fragment) not in pages[page]:
            lost.append(unquote(fragment))
    return all_of_them, lost


@pytest.mark.slow
def test_every_link_lands_on_a_field_of_the_real_form(people: People, client: Client) -> None:
    flow = make_flow(people, REAL)
    client.force_login(flow.secretariat)
    where, lost = landings(flow.response, client)
    assert len(where) > 30
    assert lost == []


def test_links_to_evidence_rows_cells_and_cards_land(flow: Flow, client: Client) -> None:
    flow.fill()
    flow.save("T1", {"T1": "done"})
    flow.save("T2", {"T2": ["evening", "weekend"]})
    flow.save("T4", {"T4/kiosk/state": "yes", "T4/kiosk/use": ["pay"]})
    flow.save("T6", {"T6": ["r1"], "T6#r1/T6.form": "online"}, unsure=True, note="ขอดูอีกครั้ง")
    flow.save("T8", {"T8": "yes", "T8.1": "9", "T8.1.of": "5"})
    flow.prove(marked=False)
    client.force_login(flow.secretariat)
    where, lost = landings(flow.response, client)
    assert lost == []
    assert {"e:T1=done", "e:T2=evening", "e:T4/kiosk/use=pay", "T4/kiosk/amount", "T4/kiosk/place"} <= set(where)
    assert {"e:T6#r1", "T6#r1/T6.name", "T6#r1/T6.link", "e:T6#r1/T6.form=online", "q:T6", "T8.1"} <= set(where)
