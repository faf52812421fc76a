"""What the form adds to the paper: an explicit none, optional rows, printed numbers, suggestions; never exported."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from reports.content.as_on_paper import content_on_paper
from reports.content.listing import build_content
from reports.content.structure import ReportContent, ReportLine
from scoring.scheme.lookup import InstrumentLookup
from scoring.scheme.measure_types import OptionCount
from survey.answering.checker import find_open_points
from survey.instrument.check import check_instrument
from survey.instrument.path import resolve_path
from survey.instrument.progress import progress_by_section
from survey.instrument.published_json import instrument_json
from survey.instrument.schema import AnswerValue, CompiledInstrument
from survey.instrument.values import format_value
from survey.models import Answer, Event
from tests.trial import REAL, TRIAL, Trial, make_trial


@cache
def compiled(path: Path = REAL) -> CompiledInstrument:
    instrument, faults = check_instrument(path.read_text(encoding="utf8"))
    assert instrument is not None, faults
    return instrument


def lines(content: ReportContent, item: str) -> Iterator[ReportLine]:
    return (line for line in content.walk() if line.item == item)


def missing(values: dict[str, AnswerValue], path: Path = REAL) -> set[str]:
    instrument = compiled(path)
    points = find_open_points(resolve_path(instrument, values), {}, period=instrument.period, unsure={}, comments={})
    return {point.address for point in points if point.kind == "missing"}


def test_a_blank_is_open_until_something_or_none_is_said() -> None:
    assert {"P5.3", "P7.1.13.none"} <= missing({})
    assert not {"P5.3", "P7.1.13.none"} & missing({"P5.3": ["none"], "P7.1.13.none": "none"})
    assert "P7.1.13.none" not in missing({"P7.1.13": ["r1"]})


def test_none_is_read_in_the_answer_and_in_papers_but_not_in_the_workbook_for_dga() -> None:
    instrument = compiled()
    path = resolve_path(instrument, {"P5.3": ["none"], "P7.1.13.none": "none"})
    assert format_value(instrument.items["P5.3"], ["none"]) == "ไม่มี"
    content = build_content(path, {})
    assert [line.text for item in ("P5.3", "P7.1.13.none") for line in lines(content, item)] == ["ไม่มี", "ไม่มี"]
    printed = content_on_paper(content)
    (line,) = lines(printed, "P5.3")
    assert (line.text, line.picked, line.value, line.state) == ("", (), None, "unanswered")
    assert [child.item for child in line.children] == [child.item for child in next(lines(content, "P5.3")).children]
    assert not list(lines(printed, "P7.1.13.none"))
    kept = {(line.item, line.address) for line in content.walk() if not line.own}
    assert kept <= {(line.item, line.address) for line in printed.walk()}


def test_answers_of_the_paper_stay_in_the_workbook() -> None:
    path = resolve_path(compiled(), {"P5.3": ["1", "2"]})
    (line,) = lines(content_on_paper(build_content(path, {})), "P5.3")
    assert len(line.picked) == 2


def test_none_counts_for_nothing_and_is_not_published() -> None:
    options = InstrumentLookup(compiled()).counted_options("P5.3", OptionCount(addresses=("P5.3",)))
    assert [option.key for option in options] == ["1", "2", "3", "4", "5", "6"]
    assert not compiled().items["P7.1.13.none"].scored
    items = {item["id"]: item for item in instrument_json(compiled())["items"]}
    assert "P7.1.13.none" not in items
    assert "none" not in [option["key"] for option in items["P5.3"]["options"]]
    trial = {item["id"]: item for item in instrument_json(compiled(TRIAL))["items"]}
    assert "T5.3" not in trial
    assert "unknown" not in [option["key"] for option in trial["T2"]["options"]]


def test_optional_rows_are_neither_open_nor_counted() -> None:
    values: dict[str, AnswerValue] = {f"P5.1/{n}/state": "no" for n in range(1, 13)}
    assert not [address for address in missing(values) if address.startswith("P5.1")]
    progress = progress_by_section(resolve_path(compiled(), values), ())["5.1"]
    assert (progress.total, progress.answered, progress.done) == (12, 12, True)
    values["P5.1/13/state"] = "yes"  # what it opens is asked
    assert [address for address in missing(values) if address.startswith("P5.1")] == ["P5.1.13.name"]
    assert "T4/ferry/state" not in missing({}, TRIAL)
    assert "T4/van/state" in missing({}, TRIAL)
    table = next(lines(build_content(resolve_path(compiled(), {}), {}), "P5.1"))
    cells = {line.address: line.required for line in table.walk() if line.kind == "cell"}
    assert (cells["P5.1/12/state"], cells["P5.1/13/state"]) == (True, False)


def test_printed_numbers_of_options_stand_before_their_labels() -> None:
    question = compiled().items["P8.4"]
    assert [(o.key, o.code) for o in question.options] == [("no", "8.4.1"), ("yes", "8.4.2")]
    assert (format_value(question, "no"), format_value(question, "yes")) == ("8.4.1 ไม่มี", "8.4.2 มี")
    line = next(lines(content_on_paper(build_content(resolve_path(compiled(), {"P8.4": "yes"}), {})), "P8.4"))
    assert line.text == "8.4.2 มี"
    published = next(item for item in instrument_json(compiled())["items"] if item["id"] == "P8.4")
    assert published["options"][0]["label"]["th"] == "8.4.1 ไม่มี"
    assert format_value(compiled(TRIAL).items["T8"], "no") == "8-1 ไม่วัด"


def test_an_unknown_suggestion_is_a_fault_with_its_line() -> None:
    text = TRIAL.read_text(encoding="utf8").replace("suggest: user.email", "suggest: user.phone")
    instrument, faults = check_instrument(text)
    assert instrument is None
    assert [(f.where, bool(f.line), "`suggest` is one of province.name" in f.message) for f in faults] == [
        ("T0.mail", True, True)
    ]


@pytest.fixture
def world(db: None) -> Trial:
    return make_trial(REAL)


@pytest.fixture
def page(world: Trial, client: Client) -> Client:
    client.force_login(world.secretariat)
    return client


def test_what_the_system_knows_of_the_cover_is_offered_and_saved_when_confirmed(world: Trial, page: Client) -> None:
    fill = f"/r/{world.response.pk}/fill/cover/"
    text = page.get(fill).content.decode()
    assert 'name="_suggest"' in text
    assert f'name="_suggested:cover.province" value="{world.province.name}"' in text
    assert f'name="_suggested:cover.contact.email" value="{world.secretariat.email}"' in text
    assert not Answer.objects.exists()  # nothing is saved by looking
    shown = {
        "_suggested:cover.province": world.province.name,
        "_suggested:cover.contact.first": "สมใจ",
        "_suggested:cover.contact.email": world.secretariat.email,
    }
    typed = {"_revision": "0", "cover.contact.first": "สมชาย", "cover.address": "ศาลากลาง"}
    answer = page.post(f"/r/{world.response.pk}/answer/cover/", {**typed, **shown, "_suggest": "1"})
    assert answer.status_code == 303
    assert Answer.objects.get().value == {
        "cover.province": world.province.name,
        "cover.address": "ศาลากลาง",
        "cover.contact.first": "สมชาย",  # what was typed stands
        "cover.contact.email": world.secretariat.email,
    }
    event = Event.objects.filter(response=world.response, verb="answer.save").latest("pk")
    assert event.by == world.secretariat
    assert "_suggested:cover.province" not in page.get(fill).content.decode()


def test_without_the_button_nothing_suggested_is_saved(world: Trial, page: Client) -> None:
    data = {"_revision": "0", "cover.address": "ศาลากลาง", "_suggested:cover.province": world.province.name}
    page.post(f"/r/{world.response.pk}/answer/cover/", data)
    assert Answer.objects.get().value == {"cover.address": "ศาลากลาง"}


def test_none_is_picked_on_the_page_and_not_together_with_others(world: Trial, page: Client) -> None:
    url = f"/r/{world.response.pk}/answer/P5.3/"
    assert page.post(url, {"_revision": "0", "P5.3": ["none", "1"]}).status_code == 422
    assert page.post(url, {"_revision": "0", "P5.3": "none"}).status_code == 303
    assert Answer.objects.get(question__item_id="P5.3").value == {"P5.3": ["none"]}
    history: Any = page.get(f"/r/{world.response.pk}/history/P5.3/")
    assert "ไม่มี" in history.content.decode()
