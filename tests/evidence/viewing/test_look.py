"""The page of a file: what it shows, what can be marked there, who sees it, what it costs."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from evidence import store
from evidence.models import Attachment, FileRendition, FileText, Mark, RenditionState, ScanState
from survey.models import Event
from tests.evidence.attaching.test_pages import PANEL, Browse, content_of, of, status
from tests.evidence.conftest import World, pdf
from tests.evidence.viewing.conftest import OTHER, PLAN, Attach, paper, rendition_of
from tests.hostile.files import ooxml, png

LOOK_PAGES = ("look", "look-content", "look-find", "look-passage", "suggestions")


@pytest.fixture
def plan(attach_read: Attach) -> Attachment:
    """Two pages; the second says what the place asks for."""
    return attach_read(paper(OTHER, PLAN))


def text_of(client: Any, url: str, **more: Any) -> str:
    answer = client.get(url, **more)
    assert answer.status_code == 200, (url, answer.status_code)
    return answer.content.decode()


def test_question_and_document_stand_side_by_side(world: World, browse: Browse, plan: Attachment) -> None:
    world.mark(plan, "2", "แผนครอบคลุมเรื่องสอง")
    text = text_of(browse(world.secretary), of("look", plan) + "?page=2")
    for words in ("มีแผนหรือไม่", "ทำแล้ว", "แผน.pdf", "data-look=&quot;pdf&quot;".replace("&quot;", '"'), "2 / 2"):
        assert words in text
    assert "<mark>แผนครอบคลุมเรื่องสอง</mark>" in text
    assert text.count("<h1") == 1
    assert len(text.encode()) < 150_000
    assert "<mark>" not in text_of(browse(world.secretary), of("look", plan) + "?page=1")


def test_marks_are_made_changed_removed_and_brought_back(world: World, browse: Browse, plan: Attachment) -> None:
    client, url = browse(world.secretary), of("look", plan)
    sent = {"pages": "2", "quote": "แผนครอบคลุม", "areas": "2:100,200,3000,400", "note": "ตราประทับ"}
    made = client.post(url, sent)
    assert made.status_code == 302
    assert made["Location"] == f"{url}?page=2"
    mark = Mark.objects.get()
    assert (mark.pages, mark.quote, mark.areas, mark.note) == ("2", "แผนครอบคลุม", "2:100,200,3000,400", "ตราประทับ")
    assert 'data-areas="2:100,200,3000,400"' in text_of(client, url)
    client.post(url, {**sent, "mark": mark.pk, "areas": "", "note": ""})
    mark.refresh_from_db()
    assert (mark.areas, mark.note) == ("", "")
    gone = client.post(url, {"mark": mark.pk, "delete": "1"})
    assert Mark.objects.count() == 0
    page = text_of(client, gone["Location"])
    assert "ลบเครื่องหมายแล้ว" in page
    removal = Event.objects.get(verb="evidence.unmark")
    assert f'action="{url}?restore={removal.seq}"' in page
    assert client.post(f"{url}?restore={removal.seq}").status_code == 302
    assert Mark.objects.get().quote == "แผนครอบคลุม"
    assert client.post(f"{url}?restore=99999").status_code == 404


def test_what_is_refused_comes_back_as_it_was_sent(world: World, browse: Browse, plan: Attachment) -> None:
    client, url = browse(world.secretary), of("look", plan)
    sent = {"pages": "9", "quote": "ข้อความ", "areas": "2:1,1,9,9", "note": "หมาย"}
    answer = client.post(url, sent)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "เอกสารนี้มี 2 หน้า" in text
    assert 'value="2:1,1,9,9"' in text
    assert 'value="หมาย"' in text
    inner = client.post(url, sent, **PANEL)
    assert inner.status_code == 422
    assert "<html" not in inner.content.decode()
    assert client.post(url, {"pages": "1", "quote": "", "areas": "x", "note": ""}).status_code == 422
    assert client.post(url, {"pages": "1", "quote": "ก", "mark": "77"}).status_code == 404
    assert client.post(url, {"delete": "1"}).status_code == 404
    assert Mark.objects.count() == 0


def test_a_script_gets_the_side_alone(world: World, browse: Browse, plan: Attachment) -> None:
    answer = browse(world.secretary).post(of("look", plan), {"pages": "2", "quote": "แผน", "areas": ""}, **PANEL)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.lstrip().startswith("<div")
    assert "data-look-side" in text
    assert "มีหลักฐานครบ" in text


def test_words_passages_and_places_found(world: World, browse: Browse, plan: Attachment) -> None:
    client = browse(world.secretary)
    words = client.get(of("look-words", plan, 2)).json()["words"]
    assert [word[1] for word in words[:2]] == ["หน้าที่", "2"]
    assert all(0 <= edge <= 10_000 for word in words for edge in word[2:])
    assert client.get(of("look-words", plan, 7)).json()["words"] == []
    start, said = next((word[0], word[1]) for word in words if "ครอบคลุม" in word[1])
    found = client.get(of("look-passage", plan), {"from": f"2:{start}", "to": f"2:{start + len(said)}"}).json()
    assert (found["pages"], found["quote"]) == ("2", said)
    again = client.get(of("look-passage", plan), {"areas": found["areas"]}).json()
    assert again == found
    assert client.get(of("look-passage", plan), {"quote": "เรื่องสอง", "page": "1"}).json()["pages"] == "2"
    assert client.get(of("look-passage", plan), {"quote": "ไม่มีคำนี้เลยแม้แต่น้อย", "page": "1"}).json() == {"found": False}
    for query in ({}, {"from": "x", "to": "1:2"}, {"areas": "1:9,9,1,1"}, {"quote": "ก", "page": "x"}):
        assert client.get(of("look-passage", plan), query).status_code == 404
    hits = text_of(client, of("look-find", plan) + "?q=เรื่องสอง", **PANEL)
    assert "<mark>เรื่องสอง</mark>" in hits
    assert "data-look-form" in hits
    assert client.get(of("look-find", plan) + "?q=เรื่องสอง")["Location"].endswith("#found")
    assert "พบ 1 แห่ง" in text_of(client, of("look", plan) + "?q=เรื่องสอง")
    assert "ไม่พบ" in text_of(client, of("look", plan) + "?q=<b>zzz")


def test_readers_look_and_do_not_mark(world: World, browse: Browse, plan: Attachment) -> None:
    client = browse(world.reader)
    text = text_of(client, of("look", plan) + "?suggest=1&q=แผน")
    for word in ("data-look-form", "data-editable", 'data-look-do="frame"', "ใช้ข้อความนี้"):
        assert word not in text
    assert client.post(of("look", plan), {"pages": "1", "quote": "ก"}).status_code in (403, 404)


@pytest.mark.parametrize("name", LOOK_PAGES)
def test_others_find_nothing(world: World, browse: Browse, plan: Attachment, name: str) -> None:
    query = "?q=x&from=1:0&to=1:5"
    assert status(browse(world.outsider), of(name, plan) + query) == 404
    unknown = reverse(f"evidence:{name}", args=[world.response.pk, uuid4()])
    assert status(browse(world.secretary), unknown + query) == 404
    # An attachment of this province under the number of another response.
    other = reverse(f"evidence:{name}", args=[world.elsewhere.pk, plan.public_id])
    assert status(browse(world.outsider), other + query) == 404


def test_an_agency_sees_its_own_only(world: World, browse: Browse, attach_read: Attach, plan: Attachment) -> None:
    own = attach_read(paper(PLAN), response=world.contribution, by=world.coordinator)
    client = browse(world.coordinator)
    assert "มีแผนหรือไม่" in text_of(client, of("look", own))
    assert status(client, of("look", plan)) == 404


def test_web_addresses_and_what_was_taken_off_have_no_page(world: World, browse: Browse, plan: Attachment) -> None:
    client = browse(world.secretary)
    client.post(of("remove", plan))
    assert status(client, of("look", plan)) == 404
    assert status(client, of("look-content", plan)) == 404


def test_a_file_with_a_virus_is_not_shown(world: World, browse: Browse, plan: Attachment) -> None:
    assert plan.file is not None
    plan.file.scan_state = ScanState.INFECTED
    plan.file.save()
    client = browse(world.secretary)
    text = text_of(client, of("look", plan) + "?q=แผน&suggest=1")
    assert "data-content" not in text
    assert PLAN[:12] not in text
    assert status(client, of("look-content", plan)) == 403
    for name in ("look-words", "look-passage", "look-find"):
        args = [1] if name == "look-words" else []
        assert client.get(of(name, plan, *args), {"from": "1:0", "to": "1:5", "q": "แผน"}, **PANEL).status_code == 404
    assert PLAN[:12] not in text_of(client, of("suggestions", plan), **PANEL)


def test_a_file_that_is_still_scanned_is_its_senders(world: World, browse: Browse, plan: Attachment) -> None:
    assert plan.file is not None
    plan.file.scan_state = ScanState.WAITING
    plan.file.save()
    assert status(browse(world.secretary), of("look-content", plan)) == 200
    assert status(browse(world.reader), of("look-content", plan)) == 409
    assert "data-content" not in text_of(browse(world.reader), of("look", plan))


def test_what_is_drawn_is_the_file(world: World, browse: Browse, plan: Attachment) -> None:
    answer = browse(world.secretary).get(of("look-content", plan))
    assert content_of(answer) == paper(OTHER, PLAN)
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]


def test_an_altered_file_is_not_drawn(world: World, browse: Browse, plan: Attachment) -> None:
    assert plan.file is not None
    store.evidence_storage().delete(plan.file.stored)
    assert status(browse(world.secretary), of("look-content", plan)) == 503


def test_office_documents_are_read_or_drawn_as_pdf(world: World, browse: Browse, attach_read: Attach) -> None:
    order = attach_read(ooxml("docx"), name="คำสั่ง.docx")
    client = browse(world.secretary)
    text = text_of(client, of("look", order))
    assert 'data-look="text"' in text
    assert "ดาวน์โหลด" in text
    assert status(client, of("look-content", order)) == 404
    rendition = rendition_of(order, paper(PLAN))
    text = text_of(client, of("look", order))
    assert 'data-look="pdf"' in text
    assert "data-rendition" in text
    answer = client.get(of("look-content", order))
    assert answer["Content-Type"] == "application/pdf"
    assert content_of(answer) == paper(PLAN)
    FileRendition.objects.filter(pk=rendition.pk).update(state=RenditionState.WAITING)
    assert "กำลังแปลงเอกสารเป็น PDF" in text_of(client, of("look", order))


def test_a_picture_is_shown_without_a_script(world: World, browse: Browse) -> None:
    photo = world.attach(content=png(), name='ภาพ "แผ่น" <b>.png')
    text = text_of(browse(world.secretary), of("look", photo))
    assert f'<img class="lk-picture" src="{of("look-content", photo)}"' in text
    assert "<b>" not in text
    assert "กำลังอ่านข้อความในไฟล์" in text
    made = browse(world.secretary).post(of("look", photo), {"areas": "1:0,0,500,500", "note": "ป้าย", "quote": ""})
    assert made.status_code == 302
    assert Mark.objects.get().note == "ป้าย"


def test_what_cannot_be_read_says_so(world: World, browse: Browse) -> None:
    blank = world.attach(content=pdf(pages=3))
    FileText.objects.update_or_create(file=blank.file, defaults={"state": "failed"})
    assert "อ่านข้อความในไฟล์นี้ไม่ได้" in text_of(browse(world.secretary), of("look", blank))


def test_the_panel_and_the_list_lead_here(world: World, browse: Browse, plan: Attachment) -> None:
    client = browse(world.secretary)
    panel = text_of(client, reverse("evidence:slot", args=[world.response.pk, "E1"]) + "?at=E1%3Ddone")
    assert of("look", plan) in panel
    assert f'data-suggest="{of("suggestions", plan)}"' in panel
    assert f"/r/{world.response.pk}/next-place/?after=E1%3Ddone" in panel
    world.answer({"E1": "done", "E1a": ["1"]})
    assert of("look", plan) in text_of(client, reverse("evidence:listing", args=[world.response.pk]))
    world.mark(plan)
    panel = text_of(client, reverse("evidence:slot", args=[world.response.pk, "E1"]) + "?at=E1%3Ddone")
    assert "data-suggest=" not in panel


@pytest.mark.parametrize("many", [1, 7])
def test_the_page_costs_the_same_however_much_there_is(
    world: World, browse: Browse, attach_read: Attach, many: int, django_assert_max_num_queries: Any
) -> None:
    each = attach_read(paper(PLAN, OTHER))
    read = FileText.objects.filter(file=each.file).values("state", "reader", "pages", "characters", "read_at").get()
    for number in range(many):
        each = world.attach("E1=done", pdf(str(number)), name=f"{number}.pdf")
        FileText.objects.update_or_create(file=each.file, defaults=read)
        for mark in range(many):
            world.mark(each, "1", f"ข้อความ {mark}")
    own = world.attach("E1=done", pdf("own"), response=world.contribution, by=world.coordinator)
    FileText.objects.update_or_create(file=own.file, defaults=read)
    for who, seen in ((world.secretary, each), (world.reader, each), (world.coordinator, own)):
        client = browse(who)
        client.get(of("look", seen))
        with django_assert_max_num_queries(10):
            client.get(of("look", seen))
        with django_assert_max_num_queries(10):
            client.get(of("suggestions", seen) + "?all=1", **PANEL)
        with django_assert_max_num_queries(10):
            client.get(of("look-words", seen, 1))


def test_hostile_text_stays_text(world: World, browse: Browse, plan: Attachment) -> None:
    world.mark(plan, "2", "<script>alert(1)</script>", note='"><img src=x>')
    text = text_of(browse(world.secretary), of("look", plan) + "?q=%22%3E%3Cscript%3E")
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    words = browse(world.secretary).get(of("look-words", plan, 1))
    assert words["Content-Type"] == "application/json"
    json.loads(words.content)
