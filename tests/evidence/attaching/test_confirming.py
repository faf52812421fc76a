"""Evidence of last year waits until a person confirms it: one by one, many at once, by changing it; undone too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evidence.attaching import actions, queries
from evidence.attaching.place_window import place_window
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment
from evidence.places import is_evidence_place
from survey.approval.review import open_points_of, read_review_state
from survey.instrument.addresses import item_id_of
from survey.instrument.queries import compiled_instrument, questions_by_item_id
from survey.instrument.schema import CompiledInstrument
from survey.models import Event, Response, Round
from survey.verifying.verify import verify_journal
from tests.evidence.attaching.carried_world import IN_WINDOW, OUTSIDE, carry, last_year
from tests.evidence.attaching.test_undo import js_and_plain, press, undo_url
from tests.evidence.conftest import World, pdf, upload
from tests.proven import codes
from tests.trial import REAL, make_trial


@pytest.fixture
def old(world: World) -> Response:
    return last_year(world)


def proved() -> bool:
    return not [code for code, _field in codes() if code.startswith(("evidence", "mark", "event"))]


def counts(world: World, address: str = "E1=done") -> bool:
    return address in queries.marked_addresses(Response.objects.get(pk=world.response.pk))


def test_what_comes_from_last_year_waits_and_does_not_count(world: World, old: Response) -> None:
    carried = carry(world, old)
    assert carried.to_confirm
    assert not counts(world)
    event = Event.objects.get(response=world.response, verb="evidence.adopt")
    assert event.data["after"]["to_confirm"] is True
    assert actions.confirm_evidence(by=world.secretary, attachment=carried) is not None
    assert counts(world)
    assert actions.confirm_evidence(by=world.secretary, attachment=carried) is None
    assert proved()


def test_what_an_agency_has_not_confirmed_waits_in_the_provincial_answer_too(world: World, old: Response) -> None:
    source = world.attach(response=world.contribution, by=world.coordinator)
    Attachment.objects.filter(pk=source.pk).update(to_confirm=True)
    taken = actions.adopt_evidence(
        by=world.secretary, attachment=source, response=world.response, address="E1=done"
    ).attachment
    assert taken.to_confirm
    own = world.attach("E1b", response=world.contribution, by=world.coordinator)
    told = actions.adopt_evidence(by=world.secretary, attachment=own, response=world.response, address="E1b")
    assert not told.attachment.to_confirm


@pytest.mark.parametrize(
    ("day", "reason", "refused"), [(None, "", "date"), (OUTSIDE, "", "reason"), (OUTSIDE, "x", "")]
)
def test_the_window_of_the_place_is_kept(
    world: World, old: Response, day: date | None, reason: str, refused: str
) -> None:
    carried = carry(world, old, document_date=day)
    if refused:
        with pytest.raises(EvidenceRefused) as caught:
            actions.confirm_evidence(by=world.secretary, attachment=carried, reason=reason)
        assert caught.value.reason == refused
        assert not counts(world)
        return
    event = actions.confirm_evidence(by=world.secretary, attachment=carried, reason=reason)
    assert event is not None
    assert event.data["text"] == "x"
    assert counts(world)


def test_changing_its_marks_or_its_date_confirms_it_with_an_event_of_its_own(world: World, old: Response) -> None:
    by_date, by_mark = carry(world, old, document_date=None), carry(world, old, "E1b")
    actions.set_document_date(by=world.secretary, attachment=by_date, document_date=OUTSIDE)
    by_date.refresh_from_db()
    assert by_date.to_confirm, "a date outside the window confirms nothing"
    actions.set_document_date(by=world.secretary, attachment=by_date, document_date=IN_WINDOW)
    world.mark(by_mark, quote="อีกข้อความ")
    for attachment in (by_date, by_mark):
        attachment.refresh_from_db()
        assert not attachment.to_confirm
    verbs = Event.objects.filter(response=world.response).order_by("seq").values_list("verb", flat=True)
    assert list(verbs)[-4:] == ["evidence.date", "evidence.confirm", "evidence.mark", "evidence.confirm"]
    assert proved()


@js_and_plain
def test_one_press_on_the_panel_and_back(world: World, old: Response, client: Client, js: bool) -> None:
    carried = carry(world, old)
    client.force_login(world.secretary)
    place = reverse("evidence:slot", args=[world.response.pk, "E1"]) + "?at=E1%3Ddone"
    page = client.get(place).content.decode()
    assert "จากปีก่อน รอยืนยัน" in page
    assert 'data-evidence-standing="unconfirmed"' in page
    panel = press(client, reverse("evidence:confirm", args=[world.response.pk, carried.public_id]), js)
    assert 'data-evidence-standing="marked"' in panel
    panel = press(client, undo_url(panel), js)
    assert 'data-evidence-standing="unconfirmed"' in panel
    assert proved()
    assert verify_journal().ok


def test_the_panel_asks_for_the_date_then_for_a_reason(world: World, old: Response, client: Client) -> None:
    carried = carry(world, old, document_date=None)
    client.force_login(world.secretary)
    url = reverse("evidence:confirm", args=[world.response.pk, carried.public_id])
    assert client.post(url, {"date": "สามสิบกุมภา"}).status_code == 422
    reply = client.post(url, {"date": "1/7/2597"})
    assert reply.status_code == 422
    assert 'name="reason"' in reply.content.decode()
    carried.refresh_from_db()
    assert carried.document_date == OUTSIDE
    assert client.post(url, {"reason": "ยังไม่มีฉบับใหม่"}).status_code == 302
    assert counts(world)


def test_all_in_their_windows_are_confirmed_at_once_after_a_preview_and_undone(
    world: World, old: Response, client: Client, django_assert_max_num_queries: Any
) -> None:
    carry(world, old)
    carry(world, old, "E1b", document_date=OUTSIDE)
    carry(world, old, "E1a=1", document_date=None)
    carry(world, old, "E1a=2")
    client.force_login(world.secretary)
    url = reverse("evidence:waiting", args=[world.response.pk])
    client.get(url)
    with django_assert_max_num_queries(10):
        page = client.get(url).content.decode()
    for words in ("ยืนยันทั้งหมดที่อยู่ในช่วงเวลา", "ต้องระบุวันที่ของเอกสารก่อน (1)", "ลงวันที่นอกช่วงที่กำหนด (1)", "ยืนยันได้เลย (2)"):
        assert words in page
    preview = client.get(f"{url}?preview=1").content.decode()
    assert "จะยืนยัน 2 รายการนี้" in preview
    reply = client.post(url, {"id": re.findall(r'name="id" value="([^"]+)"', preview)})
    assert Attachment.objects.filter(response=world.response, to_confirm=True).count() == 2
    page = client.get(reply["Location"]).content.decode()
    assert "ยืนยันหลักฐานแล้ว 2 รายการ" in page
    client.post(undo_url(page))
    assert Attachment.objects.filter(response=world.response, to_confirm=True).count() == 4
    assert proved()


def test_one_with_a_hindrance_is_not_confirmed_by_naming_it(world: World, old: Response, client: Client) -> None:
    carried = carry(world, old, document_date=OUTSIDE)
    client.force_login(world.secretary)
    client.post(reverse("evidence:waiting", args=[world.response.pk]), {"id": str(carried.public_id)})
    carried.refresh_from_db()
    assert carried.to_confirm
    client.force_login(world.reader)
    assert client.get(reverse("evidence:waiting", args=[world.response.pk])).status_code in (403, 404)


def test_the_overview_counts_and_filters_it(world: World, old: Response, client: Client) -> None:
    world.answer({"E1": "done", "E1b": "3"})
    carry(world, old)
    world.mark(world.attach("E1b"))
    client.force_login(world.secretary)
    url = reverse("evidence:listing", args=[world.response.pk])
    assert "จากปีก่อน รอยืนยัน (1)" in " ".join(client.get(url).content.decode().split()).replace("</dt>", "")
    shown = client.get(f"{url}?show=unconfirmed").content.decode()
    assert shown.count('class="evl-files"') == 1


def test_the_checker_has_a_point_of_its_own(world: World, old: Response) -> None:
    world.answer({"E1": "done"})
    carried = carry(world, old)
    response = Response.objects.get(pk=world.response.pk)
    kinds = {(p.kind, p.address) for p in open_points_of(response, read_review_state(response))}
    assert ("unconfirmed", "E1=done") in kinds
    assert not {kind for kind, address in kinds if kind in ("no_mark", "no_file") and address == "E1=done"}
    actions.confirm_evidence(by=world.secretary, attachment=carried)
    response.refresh_from_db()
    assert "unconfirmed" not in {p.kind for p in open_points_of(response, read_review_state(response))}


def test_a_submitted_answer_says_why_nothing_is_confirmed(world: World, old: Response, client: Client) -> None:
    carried = carry(world, old)
    Response.objects.filter(pk=world.response.pk).update(state=Response.State.SUBMITTED)
    client.force_login(world.secretary)
    url = reverse("evidence:waiting", args=[world.response.pk])
    page = client.post(url, {"id": str(carried.public_id)}, follow=True).content.decode()
    assert "เพราะเสนอผู้ว่าราชการจังหวัดแล้ว" in page
    undo = reverse("evidence:unconfirm-many", args=[world.response.pk, 1, 9])
    assert client.post(undo, follow=True).status_code == 200


@pytest.mark.slow
def test_on_the_real_form_only_places_with_a_window_ask_for_a_date(db: None) -> None:
    trial = make_trial(REAL)
    old = Round.objects.get(pk=trial.round.pk)
    old.pk, old.year = None, old.year - 1
    old.save()
    Round.objects.filter(pk=trial.round.pk).update(previous=old)
    earlier, questions = Response.objects.create(round=old), questions_by_item_id(trial.round.instrument)
    instrument = compiled_instrument(trial.round.instrument)
    dated = next(a for a in _places(instrument) if place_window(trial.response, a))
    free = next(a for a in _places(instrument) if not place_window(trial.response, a))
    for address, refused in ((dated, True), (free, False)):
        item = instrument.items[item_id_of(address)]
        place = {"question": questions[item.question or item.id], "address": address}
        source = actions.attach_evidence(
            by=trial.secretariat, response=earlier, upload=upload(pdf()), **place
        ).attachment
        taken = actions.adopt_evidence(
            by=trial.secretariat, attachment=source, response=trial.response, address=address
        )
        assert taken.attachment.to_confirm
        if refused:
            with pytest.raises(EvidenceRefused):
                actions.confirm_evidence(by=trial.secretariat, attachment=taken.attachment)
        else:
            assert actions.confirm_evidence(by=trial.secretariat, attachment=taken.attachment)


def _places(instrument: CompiledInstrument) -> Iterator[str]:
    """Addresses of evidence places outside lists and tables."""
    for item in instrument.items.values():
        addresses = [item.id, *(f"{item.id}={option.key}" for option in item.options)]
        yield from (address for address in addresses if is_evidence_place(instrument, address))
