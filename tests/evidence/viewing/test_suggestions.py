"""Suggestions for a place: what is offered, one press marks it; and the next place without proof."""

from __future__ import annotations

import re
from time import perf_counter
from typing import Any

import pytest
from django.urls import reverse

from evidence.models import FileText, Mark
from evidence.places import find_place
from evidence.reading.actions import queue_reading
from evidence.viewing.open_places import places_without_proof
from evidence.viewing.suggestions import suggest_for_place
from evidence.viewing.texts import read_text
from survey.instrument.queries import compiled_instrument
from tests.evidence.attaching.test_pages import PANEL, Browse, of, slot
from tests.evidence.conftest import World
from tests.evidence.reading.documents import long_document
from tests.evidence.viewing.conftest import OTHER, PLAN, Attach, paper

ADDRESS = "E1a=2"  # เรื่องสอง


def fields_of(fragment: str) -> list[dict[str, str]]:
    """What the forms of a fragment send."""
    forms = re.findall(r"<form.*?</form>", fragment, re.DOTALL)
    return [dict(re.findall(r'name="(pages|areas|quote)" value="([^"]*)"', form)) for form in forms]


def test_one_press_marks_the_passage(world: World, browse: Browse, attach_read: Attach) -> None:
    plan = attach_read(paper(OTHER, PLAN), address=ADDRESS)
    client = browse(world.secretary)
    fragment = client.get(of("suggestions", plan), **PANEL).content.decode()
    assert "<html" not in fragment
    assert f'action="{of("marks", plan)}"' in fragment
    first = fields_of(fragment)[0]
    assert first["pages"] == "2"
    assert "เรื่องสอง" in first["quote"]
    assert first["areas"].startswith("2:")
    assert "เรื่อง" in re.sub(r".*·", "", fragment, flags=re.DOTALL)  # the reason
    assert client.post(of("marks", plan), first).status_code == 302
    mark = Mark.objects.get()
    assert (mark.pages, mark.areas, mark.quote) == ("2", first["areas"], first["quote"])
    # What is marked is not suggested again.
    again = client.get(of("suggestions", plan), **PANEL).content.decode()
    assert first["quote"] not in [form["quote"] for form in fields_of(again)]


def test_without_a_script_the_page_of_the_file_has_them(world: World, browse: Browse, attach_read: Attach) -> None:
    plan = attach_read(paper(OTHER, PLAN), address=ADDRESS)
    client = browse(world.secretary)
    led = client.get(of("suggestions", plan))
    assert led["Location"] == f"{of('look', plan)}?suggest=1#suggestions"
    text = client.get(led["Location"]).content.decode()
    assert f'action="{of("look", plan)}"' in text
    assert any("เรื่องสอง" in form.get("quote", "") for form in fields_of(text))


def test_all_files_of_the_place_are_looked_through(world: World, browse: Browse, attach_read: Attach) -> None:
    plan = attach_read(paper(PLAN), name="แผน.pdf", address=ADDRESS)
    other = attach_read(paper(OTHER), name="อื่น.pdf", address=ADDRESS)
    client = browse(world.secretary)
    fragment = client.get(of("suggestions", other) + "?all=1", **PANEL).content.decode()
    assert f'action="{of("look", plan)}"' in fragment
    assert "แผน.pdf" in fragment
    assert "แผน.pdf" not in client.get(of("suggestions", other), **PANEL).content.decode()


def test_a_file_that_is_being_read_says_so(world: World, browse: Browse) -> None:
    plan = world.attach(ADDRESS, paper(PLAN))
    assert plan.file is not None
    queue_reading(plan.file)
    client = browse(world.secretary)
    fragment = client.get(of("suggestions", plan), **PANEL).content.decode()
    assert "data-waiting" in fragment
    assert "กำลังอ่านข้อความ" in fragment
    FileText.objects.filter(file=plan.file).update(state="unread", due_at=None)
    fragment = client.get(of("suggestions", plan), **PANEL).content.decode()
    assert "data-waiting" not in fragment
    assert "โปรดวาดกรอบ" in fragment


def test_what_nothing_speaks_for_is_not_suggested(world: World, browse: Browse, attach_read: Attach) -> None:
    plan = attach_read(paper(OTHER), address=ADDRESS)
    fragment = browse(world.secretary).get(of("suggestions", plan), **PANEL).content.decode()
    assert fields_of(fragment) == []
    assert "ไม่พบข้อความที่ตรงกับข้อนี้" in fragment


def test_a_text_that_was_read_anew_is_looked_at_anew(world: World, attach_read: Attach) -> None:
    plan = attach_read(paper(PLAN), address=ADDRESS)
    assert plan.file is not None
    first = read_text(plan.file)
    assert read_text(plan.file).document is first.document
    row = FileText.objects.get(file=plan.file)
    assert row.read_at is not None
    row.read_at = row.read_at.replace(microsecond=(row.read_at.microsecond + 1) % 1_000_000)
    row.save()
    assert read_text(plan.file).document is not first.document


@pytest.mark.slow
def test_suggestions_come_at_once(world: World, attach_read: Attach) -> None:
    """At most 0.3 s for 50 pages on two cores; three times that while the machine does other things."""
    plan = attach_read(long_document(50), address=ADDRESS)
    place = find_place(compiled_instrument(world.instrument), ADDRESS)
    assert place is not None
    began = perf_counter()
    suggest_for_place(world.response, place, [plan])
    first = perf_counter() - began
    began = perf_counter()
    suggest_for_place(world.response, place, [plan])
    again = perf_counter() - began
    print(f"suggestions for 50 pages: {first:.3f} s, again {again:.3f} s")
    assert first < 0.9
    assert again < 0.1


def test_the_next_place_without_proof(world: World, browse: Browse, attach_read: Attach) -> None:
    world.answer({"E1": "done", "E1a": ["1", "2"]})
    assert places_without_proof(world.response) == ["E1=done", "E1a=1", "E1a=2"]
    client = browse(world.secretary)
    path = reverse("evidence:next-place", args=[world.response.pk])

    def leads(after: str, **more: Any) -> str:
        return str(client.get(path, {"after": after}, **more)["Location"])

    assert leads("") == slot(world.response, "E1=done", "E1")
    assert leads("E1=done") == slot(world.response, "E1a=1", "E1")
    plan = attach_read(paper(PLAN), address=ADDRESS)
    assert leads("E1a=1") == of("look", plan)
    assert leads("E1a=1", **PANEL) == slot(world.response, ADDRESS, "E1")  # a script shows the panel
    assert leads(ADDRESS) == slot(world.response, "E1=done", "E1")  # round and round
    world.mark(plan, quote=PLAN)
    assert leads("E1a=1") == slot(world.response, "E1=done", "E1")
    for address in ("E1=done", "E1a=1"):
        world.mark(world.attach(address, paper(OTHER)))
    assert leads("E1=done") == reverse("evidence:listing", args=[world.response.pk])
    assert client.get(path, {"after": "nonsense" * 99}).status_code == 302


def test_an_agency_is_led_through_its_own_places(world: World, browse: Browse) -> None:
    world.contribution.answers.create(  # type: ignore[attr-defined]
        question=world.question("E1"), value={"E1": "done"}, saved_by=world.coordinator, saved_at="2026-01-01T00:00Z"
    )
    assert places_without_proof(world.contribution)[:1] == ["E1=done"]
    world.contribution.round.assignments.all().delete()  # type: ignore[attr-defined]
    assert places_without_proof(world.contribution) == []
