"""Evidence follows the answer it proves: at once, later when its agency changes it, and never without the answer."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from evidence.attaching import actions as evidence
from evidence.models import Attachment, File, ScanState
from survey.answering.queries import response_path
from survey.models import Event, Response
from survey.verifying.verify import verify_journal
from tests.evidence.conftest import pdf
from tests.flow import Flow, make_flow
from tests.people import People
from tests.survey.agencies import contribution, give
from tests.survey.consolidating.test_consolidation_pages import YES, attach, filled, item, shown
from tests.trial import REAL

pytestmark = pytest.mark.django_db


@pytest.fixture
def web(flow: Flow) -> Client:
    client = Client()
    client.force_login(flow.secretariat)
    return client


def take(flow: Flow, web: Client, item_id: str = "T8", **more: Any) -> str:
    """Saves what the page proposes; the page after it."""
    form = filled(shown(web, flow, item_id)) | more
    return web.post(item(flow, item_id), {**form, "_do": "save"}, follow=True).content.decode()


def mine(flow: Flow) -> list[Attachment]:
    return list(Attachment.objects.filter(response=flow.response, removed_at=None).order_by("pk"))


def quotes(attachment: Attachment) -> set[str]:
    return set(attachment.marks.values_list("quote", flat=True))


def follow(flow: Flow, web: Client, item_id: str = "T8") -> str:
    """Presses the one button; the page after it."""
    page = shown(web, flow, item_id)
    seen = re.findall(r'name="seen" value="([^"]+)"', page)
    url = reverse("survey:consolidate-follow", args=[flow.response.pk, item_id])
    return web.post(url, {"seen": seen[0]}, follow=True).content.decode()


def undo(web: Client, page: str) -> None:
    web.post(re.findall(r'class="undo".*?action="([^"]+)"', page, re.S)[0])


@pytest.fixture
def source(flow: Flow, web: Client) -> Attachment:
    """Evidence of an agency whose answer was taken, with it."""
    give(flow.round, "PO", "T8", YES)
    made = attach(flow, "PO", "T8=yes", pdf("a"))
    evidence.set_document_date(by=made.added_by, attachment=made, document_date=date(2026, 7, 1))
    assert "พร้อมหลักฐาน 1 รายการแล้ว: PO.pdf" in take(flow, web)
    assert "หลักฐานของหน่วยงานขณะนี้ต่างจาก" not in shown(web, flow, "T8")
    return made


def test_later_changes_are_told_taken_over_in_one_press_and_undone(
    flow: Flow, web: Client, source: Attachment, django_assert_max_num_queries: Any
) -> None:
    by = source.added_by
    evidence.save_mark(by=by, attachment=source, pages="1", quote="เพิ่มภายหลัง")
    evidence.delete_mark(by=by, mark=source.marks.get(quote="ข้อความของ PO"))
    evidence.set_document_date(by=by, attachment=source, document_date=date(2026, 8, 1))
    attach(flow, "PO", "T8=yes", pdf("later"))
    shown(web, flow, "T8")
    with django_assert_max_num_queries(10):
        page = shown(web, flow, "T8")
    for words in ("ทำเครื่องหมายเพิ่ม, ลบเครื่องหมายแล้ว, เปลี่ยนวันที่ของเอกสาร", "แนบเพิ่มหลังรวมคำตอบ", "นำหลักฐานล่าสุดมาใช้ (2)"):
        assert words in page
    with django_assert_max_num_queries(10):
        overview = web.get(reverse("survey:consolidate", args=[flow.response.pk]) + "?show=news").content.decode()
    assert "หลักฐานเปลี่ยนหลังรวม" in overview
    page = follow(flow, web)
    first, second = mine(flow)
    assert (quotes(first), first.document_date) == ({"เพิ่มภายหลัง"}, date(2026, 8, 1))
    assert second.file != first.file
    assert "หลักฐานของหน่วยงานขณะนี้ต่างจาก" not in page
    assert verify_journal().ok
    undo(web, page)
    (only,) = mine(flow)
    assert (quotes(only), only.document_date) == ({"ข้อความของ PO"}, date(2026, 7, 1))
    assert verify_journal().ok


def test_what_the_agency_took_off_goes_and_comes_back(flow: Flow, web: Client, source: Attachment) -> None:
    evidence.remove_attachment(by=source.added_by, attachment=source)
    assert "นำหลักฐานออกแล้ว" in shown(web, flow, "T8")
    page = follow(flow, web)
    assert not mine(flow)
    undo(web, page)
    assert len(mine(flow)) == 1


def test_another_file_of_the_same_evidence_takes_its_place(flow: Flow, web: Client, source: Attachment) -> None:
    other = attach(flow, "PO", "T8=yes", pdf("version 2"))
    content = other.file
    evidence.remove_attachment(by=other.added_by, attachment=other)
    Attachment.objects.filter(pk=source.pk).update(file=content)  # as evidence.version does
    assert "มีไฟล์ฉบับใหม่" in shown(web, flow, "T8")
    follow(flow, web)
    (row,) = mine(flow)
    assert row.file == content


def test_what_the_province_changed_as_well_is_told_and_left(flow: Flow, web: Client, source: Attachment) -> None:
    (own,) = mine(flow)
    evidence.save_mark(by=flow.secretariat, attachment=own, pages="1", quote="ของจังหวัด")
    evidence.remove_attachment(by=source.added_by, attachment=source)
    page = shown(web, flow, "T8")
    assert "จังหวัดแก้ไขด้วย" in page
    assert "นำหลักฐานล่าสุดมาใช้" not in page
    assert mine(flow)


def test_what_the_province_took_off_is_not_offered_again(flow: Flow, web: Client, source: Attachment) -> None:
    (own,) = mine(flow)
    evidence.remove_attachment(by=flow.secretariat, attachment=own)
    evidence.save_mark(by=source.added_by, attachment=source, pages="1", quote="ใหม่")
    assert "หลักฐานของหน่วยงานขณะนี้ต่างจาก" not in shown(web, flow, "T8")


def test_a_page_that_shows_an_older_state_takes_nothing(flow: Flow, web: Client, source: Attachment) -> None:
    evidence.save_mark(by=source.added_by, attachment=source, pages="1", quote="หนึ่ง")
    seen = re.findall(r'name="seen" value="([^"]+)"', shown(web, flow, "T8"))[0]
    evidence.save_mark(by=source.added_by, attachment=source, pages="1", quote="สอง")
    url = reverse("survey:consolidate-follow", args=[flow.response.pk, "T8"])
    assert "เปลี่ยนไปหลังจากเปิดหน้านี้" in web.post(url, {"seen": seen}, follow=True).content.decode()
    assert quotes(mine(flow)[0]) == {"ข้อความของ PO"}


def test_evidence_added_for_an_answer_that_was_not_taken_is_not_offered(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T8", YES)
    other = give(flow.round, "SO", "T8", {"T8": "yes", "T8.1": "4", "T8.1.of": "5"})
    first = attach(flow, "PO", "T8=yes", pdf("a"))
    po = contribution(flow.round, "PO")
    form = filled(shown(web, flow, "T8", f"?take={po.pk}"))
    web.post(item(flow, "T8"), {**form, "_do": "save"})
    assert [row.file_id for row in mine(flow)] == [first.file_id]
    give(flow.round, "CC", "T8", {"T8": "no"})
    attach(flow, "CC", "T8=yes", pdf("c"))
    assert "CC.pdf" not in shown(web, flow, "T8").split('id="consolidate"')[0]
    assert other.pk


def test_evidence_never_follows_an_answer_that_was_not_taken(flow: Flow, web: Client) -> None:
    """Ticked all the same, evidence of another answer stays behind, and the page says why."""
    po, so = (give(flow.round, code, "T2", {"T2": [key]}) for code, key in (("PO", "evening"), ("SO", "weekend")))
    ours, theirs = attach(flow, "PO", "T2=evening", pdf("a")), attach(flow, "SO", "T2=weekend", pdf("b"))
    form = filled(shown(web, flow, "T2", f"?take={po.pk}"))
    form["ev"] = [str(ours.public_id), str(theirs.public_id)]
    preview = web.post(item(flow, "T2"), {**form, "_do": "preview"}).content.decode()
    assert "ไม่ได้ใช้คำตอบของหน่วยงานนี้" in preview
    web.post(item(flow, "T2"), {**form, "_do": "save"})
    assert [row.address for row in mine(flow)] == ["T2=evening"]
    assert so.pk


def test_a_virus_and_what_waits_to_be_confirmed_stay_behind_with_the_reason(flow: Flow, web: Client) -> None:
    give(flow.round, "PO", "T8", YES)
    infected, waiting = attach(flow, "PO", "T8=yes", pdf("a")), attach(flow, "PO", "T8=yes", pdf("b"))
    File.objects.filter(pk=infected.file_id).update(scan_state=ScanState.INFECTED)
    Attachment.objects.filter(pk=waiting.pk).update(to_confirm=True)
    page = take(flow, web, ev=[str(infected.public_id)])
    assert "พบไวรัสในไฟล์" in page
    assert "หน่วยงานยังไม่ได้ยืนยัน" in page
    assert not mine(flow)


def test_taking_all_that_agree_lists_what_comes_along_and_what_does_not(flow: Flow, web: Client) -> None:
    for code in ("PO", "SO"):
        give(flow.round, code, "T2", {"T2": ["evening"]})
        attach(flow, code, "T2=evening", pdf(code), mark=code == "PO")
    agreed = reverse("survey:consolidate-agreed", args=[flow.response.pk])
    before = web.get(agreed).content.decode()
    assert "หลักฐานที่ไม่ได้นำไปด้วย" in before
    assert "SO.pdf" in before
    told = web.post(agreed, {"_evidence": "1"}, follow=True).content.decode()
    assert "หลักฐานที่นำมาด้วย 1 รายการ" in told
    assert "PO.pdf" in told
    assert "SO.pdf" in told.split('id="evidence-left"')[1]
    assert "ยังไม่ทำเครื่องหมาย" in told.split('id="evidence-left"')[1]


def test_an_earlier_value_comes_back_with_its_evidence(flow: Flow, web: Client) -> None:
    """Evidence stays at its place when the answer goes, and counts again when that comes back."""
    flow.save("T8", YES)
    flow.prove("T8=yes")
    flow.save("T8", {"T8": "no"})
    restored = reverse("survey:answer-restore", args=[flow.response.pk, "T8"])
    web.post(restored, {"to": "1", "_revision": "2"})
    response = Response.objects.get(pk=flow.response.pk)
    assert "T8=yes" in response_path(response).places
    assert mine(flow)[0].address == "T8=yes"
    assert Event.objects.filter(response=response, verb="answer.restore").exists()


@pytest.mark.slow
def test_on_the_real_form_evidence_follows_and_is_followed(people: People, client: Client) -> None:
    flow = make_flow(people, REAL)
    client.force_login(flow.secretariat)
    give(flow.round, "PO", "P1.4", {"P1.4": "done"})
    source = attach(flow, "PO", "P1.4=done", pdf("a"))
    assert "พร้อมหลักฐาน 1 รายการ" in take(flow, client, "P1.4")
    evidence.save_mark(by=source.added_by, attachment=source, pages="1", quote="เพิ่มภายหลัง")
    attach(flow, "PO", "P1.4=done", pdf("b"))
    page = follow(flow, client, "P1.4")
    assert [row.address for row in mine(flow)] == ["P1.4=done", "P1.4=done"]
    assert quotes(mine(flow)[0]) == {"ข้อความของ PO", "เพิ่มภายหลัง"}
    undo(client, page)
    assert len(mine(flow)) == 1
    assert verify_journal().ok
