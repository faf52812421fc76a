"""The pages of evidence: who sees what, what they cost, and what comes back when something is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from evidence import store
from evidence.attaching import actions
from evidence.models import Attachment, File, Mark
from survey.models import Event, Response, Round
from tests.evidence.conftest import World, pdf, upload
from tests.hostile.files import attack, png

Browse = Callable[[User], Client]
PANEL = {"HTTP_HX_REQUEST": "true"}


def slot(response: Response, address: str = "E1=done", item_id: str = "") -> str:
    path = reverse("evidence:slot", args=[response.pk, item_id or address.split("=")[0]])
    return f"{path}?{urlencode({'at': address})}"


def of(name: str, attachment: Attachment, *more: Any) -> str:
    return reverse(f"evidence:{name}", args=[attachment.response_id, attachment.public_id, *more])


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def status(client: Client, url: str) -> int:
    """The answer's status; a file that comes with it is read to its end, which closes it."""
    response = client.get(url)
    if response.streaming:
        content_of(response)
    return response.status_code


def test_the_place_says_what_it_asks_for(world: World, browse: Browse) -> None:
    page = browse(world.secretary).get(slot(world.response, "E1a=2", "E1"))
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("มีแผนหรือไม่", "ครอบคลุมเรื่องใด", "เรื่องสอง", "ต้องมีไฟล์อย่างน้อย", "50 MB", "12 มิ.ย. 98"):
        assert words in text
    assert text.count("<h1") == 1
    assert "คำตอบขณะนี้ไม่ได้เปิดตำแหน่งนี้" in text
    world.answer({"E1": "done", "E1a": ["2"]})
    assert "ไม่ได้เปิดตำแหน่งนี้" not in browse(world.secretary).get(slot(world.response, "E1a=2", "E1")).content.decode()


def test_files_arrive_without_a_script(world: World, browse: Browse) -> None:
    client = browse(world.secretary)
    files = [upload(pdf("a"), "แผน ก.pdf"), upload(png(), "ภาพ.png")]
    answer = client.post(slot(world.response), {"files": files})
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    text = page.content.decode()
    assert "แนบไฟล์แล้ว 2 ไฟล์" in text
    assert "แผน ก.pdf" in text
    assert "ภาพ.png" in text
    assert Attachment.objects.count() == 2
    again = client.post(slot(world.response), {"files": upload(pdf("a"), "แผน ก.pdf")}, follow=True)
    assert "อยู่แล้ว" in again.content.decode()
    assert Attachment.objects.count() == 2


def test_a_script_gets_the_inner_part(world: World, browse: Browse) -> None:
    client = browse(world.secretary)
    answer = client.post(slot(world.response), {"files": upload(pdf())}, **PANEL)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.lstrip().startswith('<div class="evp"')
    assert "<html" not in text
    assert "แนบไฟล์แล้ว 1 ไฟล์" in text
    assert client.get(slot(world.response), **PANEL).content.decode().count("data-file=") == 1


def test_refused_files_say_why_and_the_others_stay(world: World, browse: Browse) -> None:
    world.answer({"E1": "done"})
    program, _reason = attack("program.pdf")
    files = [upload(program, "แผน<b>.pdf"), upload(pdf(), "ดี.pdf"), upload(b"", "ว่าง.pdf")]
    answer = browse(world.secretary).post(slot(world.response), {"files": files})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "โปรแกรมของ Windows" in text
    assert "ว่างเปล่า" in text
    assert "&lt;b&gt;" in text
    assert "<b>" not in text
    assert [a.name for a in Attachment.objects.all()] == ["ดี.pdf"]
    assert world.response.answers.get().value == {"E1": "done"}
    assert world.response.answers.get().revision == 1


def test_an_oversized_file_is_named_and_nothing_is_kept(world: World, browse: Browse, settings: Any) -> None:
    settings.EVIDENCE_MAX_BYTES = 2000
    files = [upload(pdf() + bytes(9000), "ใหญ่.pdf"), upload(pdf(), "เล็ก.pdf")]
    answer = browse(world.secretary).post(slot(world.response), {"files": files})
    assert answer.status_code == 422
    assert "ไฟล์ใหญ่เกิน 2 KB" in answer.content.decode()
    assert [a.name for a in Attachment.objects.all()] == ["เล็ก.pdf"]


def test_nothing_chosen(world: World, browse: Browse) -> None:
    answer = browse(world.secretary).post(slot(world.response), {})
    assert answer.status_code == 422
    assert "ยังไม่ได้เลือกไฟล์" in answer.content.decode()


def test_web_addresses(world: World, browse: Browse) -> None:
    client = browse(world.secretary)
    assert 'name="url"' not in client.get(slot(world.response)).content.decode()
    place = slot(world.response, "E2=yes")
    bad = client.post(place, {"url": "javascript:alert(1)"})
    assert bad.status_code == 422
    assert "http://" in bad.content.decode()
    assert 'value="javascript:alert(1)"' in bad.content.decode()
    text = client.post(place, {"url": "https://www.example.org/x"}, follow=True).content.decode()
    assert 'href="https://www.example.org/x"' in text
    assert "มีหลักฐานครบ" in text
    assert client.post(slot(world.response), {"url": "https://www.example.org/x"}).status_code == 422


def test_a_url_answer_stands_for_the_file(world: World, browse: Browse) -> None:
    world.answer({"E2": "yes", "E2.url": "https://www.example.org/x"}, "E2")
    text = browse(world.secretary).get(slot(world.response, "E2=yes")).content.decode()
    assert "ใช้ที่อยู่เว็บในคำตอบเป็นหลักฐาน" in text


def test_marking(world: World, browse: Browse) -> None:
    client, attachment = browse(world.secretary), world.attach(content=pdf(pages=4))
    bad = client.post(of("marks", attachment), {"pages": "9", "quote": "ข้อความ <i>"})
    text = bad.content.decode()
    assert bad.status_code == 422
    assert "เอกสารนี้มี 4 หน้า" in text
    assert 'value="9"' in text
    assert "ข้อความ &lt;i&gt;" in text
    assert 'aria-invalid="true"' in text
    answer = client.post(of("marks", attachment), {"pages": "๒", "quote": "ข้อความ"}, follow=True)
    assert "ทำเครื่องหมายแล้ว เข้าใจว่า 2" in answer.content.decode()
    mark = Mark.objects.get()
    client.post(of("mark", attachment, mark.pk), {"pages": "3", "quote": "อื่น"})
    mark.refresh_from_db()
    assert (mark.pages, mark.quote) == ("3", "อื่น")
    assert client.post(of("mark", attachment, mark.pk), {"pages": "3", "quote": ""}, **PANEL).status_code == 422
    client.post(of("mark", attachment, mark.pk), {"delete": "1"})
    assert not Mark.objects.exists()
    assert client.post(of("mark", attachment, mark.pk), {"delete": "1"}).status_code == 404


def test_the_date_of_the_document(world: World, browse: Browse) -> None:
    client, attachment = browse(world.secretary), world.attach()
    assert client.post(of("date", attachment), {"date": "31/2/2568"}).status_code == 422
    text = client.post(of("date", attachment), {"date": "๑/๗/๒๕๖๗"}, follow=True).content.decode()
    assert "ลงวันที่ 1 ก.ค. 67" in text
    assert "อยู่นอกช่วงที่กำหนด" in text
    client.post(of("date", attachment), {"date": "1/7/2598"})
    assert "อยู่นอกช่วงที่กำหนด" not in client.get(slot(world.response)).content.decode()


def test_removing_and_putting_back(world: World, browse: Browse) -> None:
    client, attachment = browse(world.secretary), world.attach(name="แผน.pdf")
    text = client.post(of("remove", attachment), follow=True).content.decode()
    assert "ที่นำออกแล้ว" in text
    assert "data-file=" not in text
    again = world.attach()
    assert client.post(of("restore", attachment)).status_code == 422
    actions.remove_attachment(by=world.secretary, attachment=again)
    assert client.post(of("restore", attachment)).status_code == 302
    attachment.refresh_from_db()
    assert attachment.removed_at is None
    assert client.post(of("remove", attachment), **PANEL).status_code == 200
    assert client.post(of("marks", attachment), {"pages": "1", "quote": "ก"}).status_code == 422


def _submit(world: World) -> None:
    Response.objects.filter(pk=world.response.pk).update(state=Response.State.APPROVED)


def _close(world: World) -> None:
    Round.objects.update(closes_at=datetime(2025, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("end", [_submit, _close])
def test_out_of_hand_nothing_changes_and_all_can_be_read(
    world: World, browse: Browse, end: Callable[[World], None]
) -> None:
    attachment = world.attach()
    mark = world.mark(attachment)
    end(world)
    client, before = browse(world.secretary), Event.objects.count()
    posts = [
        (slot(world.response), {"files": upload(pdf("b"))}),
        (of("marks", attachment), {"pages": "1", "quote": "ก"}),
        (of("mark", attachment, mark.pk), {"pages": "1", "quote": "ก"}),
        (of("mark", attachment, mark.pk), {"delete": "1"}),
        (of("date", attachment), {"date": "1/7/2567"}),
        (of("remove", attachment), {}),
        (of("restore", attachment), {}),
    ]
    assert [client.post(url, data).status_code for url, data in posts] == [409] * len(posts)
    assert Event.objects.count() == before
    assert File.objects.count() == 1
    text = client.get(slot(world.response)).content.decode()
    assert "แผน.pdf" in text
    assert "data-evidence-upload" not in text
    assert "data-evidence-form" not in text
    assert status(client, of("download", attachment)) == 200


def test_a_file_is_handed_out_to_be_saved(world: World, browse: Browse) -> None:
    content = pdf("ดาวน์โหลด")
    attachment = world.attach(content=content, name='แผน "ก".pdf')
    answer = browse(world.reader).get(of("download", attachment))
    assert content_of(answer) == content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Length"] == str(len(content))
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert f"filename*=utf-8''{quote(attachment.name)}" in disposition
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "private, no-store"
    assert str(attachment.public_id) in of("download", attachment)


def test_a_removed_file_can_still_be_fetched_by_those_who_may(world: World, browse: Browse) -> None:
    attachment = world.attach()
    actions.remove_attachment(by=world.secretary, attachment=attachment)
    assert status(browse(world.secretary), of("download", attachment)) == 200


def test_a_file_missing_from_the_store_is_told(world: World, browse: Browse, caplog: pytest.LogCaptureFixture) -> None:
    attachment = world.attach()
    assert attachment.file is not None
    store.evidence_storage().delete(attachment.file.stored)
    assert status(browse(world.secretary), of("download", attachment)) == 503
    assert attachment.file.sha256 in caplog.text


def test_an_attachment_belongs_to_its_response(world: World, browse: Browse) -> None:
    attachment = world.attach(response=world.elsewhere, by=world.outsider)
    client = browse(world.secretary)
    stolen = reverse("evidence:download", args=[world.response.pk, attachment.public_id])
    assert client.get(stolen).status_code == 404
    assert status(client, of("download", attachment)) == 404
    assert client.get(reverse("evidence:download", args=[world.response.pk, uuid4()])).status_code == 404
    other = world.mark(world.attach("E1=done", pdf("x")))
    mine = world.attach("E1=done", pdf("y"))
    assert client.post(of("mark", mine, other.pk), {"pages": "1", "quote": "ก"}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "E1/?at=E1",
        "E1/?at=E1%3Dnone",
        "E1/",
        "E2/?at=E1%3Ddone",
        "E9/?at=E9",
        "E1/?at=../E1",
        "E1/?at=%00",
        "%00/?at=a",
    ],
)
def test_no_page_for_what_is_no_place(world: World, browse: Browse, path: str) -> None:
    base = reverse("evidence:listing", args=[world.response.pk])
    client = browse(world.secretary)
    assert client.get(base + path).status_code == 404
    assert client.post(base + path, {"files": upload(pdf())}).status_code == 404
    assert not Attachment.objects.exists()


def test_who_may(world: World, browse: Browse) -> None:
    own = world.attach(response=world.contribution, by=world.coordinator)
    provincial = world.attach()
    reading = {"secretary": (200, 200), "reader": (200, 200), "coordinator": (404, 200), "outsider": (404, 404)}
    writing = {"secretary": (302, 404), "reader": (404, 404), "coordinator": (404, 302), "outsider": (404, 404)}
    for name in reading:
        client = browse(getattr(world, name))
        for number, attachment in enumerate((provincial, own)):
            response = attachment.response
            urls = [
                slot(response),
                reverse("evidence:listing", args=[response.pk]),
                of("download", attachment),
            ]
            assert {status(client, url) for url in urls} == {reading[name][number]}, name
            posted = [
                client.post(of("marks", attachment), {"pages": "1", "quote": name}),
                client.post(of("date", attachment), {"date": "1/7/2567"}),
                client.post(slot(response), {"files": upload(pdf(name))}),
            ]
            assert {p.status_code for p in posted} == {writing[name][number]}, name
    assert Client().get(of("download", provincial)).status_code == 302


def test_writing_needs_the_token(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.secretary)
    assert client.post(slot(world.response), {"files": upload(pdf())}).status_code == 403
    assert not Attachment.objects.exists()


def test_people_signed_out_send_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    monkeypatch.setattr(
        "evidence.files.uploads.LimitedUploadHandler.receive_data_chunk", lambda *given: written.append(given[1])
    )
    assert Client().post(slot(world.response), {"files": upload(pdf())}).status_code == 302
    assert written == []


def _fill(world: World, many: int) -> None:
    for number in range(many):
        attachment = world.attach("E1=done", pdf(str(number)))
        for _time in range(2):
            world.mark(attachment, "1", f"ข้อความ {number}")
        world.attach("E3/2/paper", pdf(f"p{number}"))


@pytest.mark.parametrize("many", [1, 5])
def test_pages_cost_the_same_however_much_there_is(
    world: World, browse: Browse, many: int, django_assert_max_num_queries: Any
) -> None:
    world.answer({"E1": "done", "E1a": ["1", "2"]})
    _fill(world, many)
    client = browse(world.secretary)
    client.get(slot(world.response))
    with django_assert_max_num_queries(10):
        client.get(slot(world.response))
    with django_assert_max_num_queries(10):
        client.get(reverse("evidence:listing", args=[world.response.pk]))
    with django_assert_max_num_queries(6):
        status(client, of("download", Attachment.objects.all()[0]))


def test_the_list_says_what_is_missing(world: World, browse: Browse) -> None:
    world.answer({"E1": "done", "E1a": ["1", "2"]})
    world.answer({"E2": "yes", "E2.url": "https://www.example.org/x"}, "E2")
    world.mark(world.attach("E1=done", name="ครบ.pdf"), quote="ข้อความที่คัดมา")
    world.attach("E1a=1", name="ไม่มีเครื่องหมาย.pdf")
    world.attach("E3/2/paper", name="ปิดอยู่.pdf")
    client = browse(world.reader)
    base = reverse("evidence:listing", args=[world.response.pk])

    def names(show: str) -> set[str]:
        text = client.get(base, {"show": show}).content.decode()
        found = ("ครบ.pdf", "ไม่มีเครื่องหมาย.pdf", "ปิดอยู่.pdf", "เรื่องสอง", "https://www.example.org/x")
        return {n for n in found if n in text}

    assert names("") == {
        "ครบ.pdf",
        "ไม่มีเครื่องหมาย.pdf",
        "ปิดอยู่.pdf",
        "เรื่องสอง",
        "https://www.example.org/x",
    }
    assert names("missing") == {"เรื่องสอง"}
    assert names("unmarked") == {"ไม่มีเครื่องหมาย.pdf"}
    assert names("closed") == {"ปิดอยู่.pdf"}
    overview = client.get(base).context["listed"].make()["overview"]
    assert (overview.total, overview.marked, overview.unmarked, overview.missing) == (4, 2, 1, 1)
    assert (overview.closed, overview.files, overview.percent) == (1, 3, 50)
