"""The pages of the library: who sees what, what comes in, what is found, what they cost."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from evidence.models import Attachment, Document, File, Mark, MarkState, Verdict
from evidence.placing import actions
from survey.models import Event
from tests.evidence.conftest import World, pdf, upload
from tests.evidence.texts import say
from tests.statistics import tell_planner

Browse = Callable[[User], Client]
QUERIES = 10


def library(world: World, office: str = "", **query: str) -> str:
    query = {"office": office, **query} if office else query
    return f"{reverse('evidence:library', args=[world.province.code])}?{urlencode(query)}"


def of(document: Document, name: str = "", *more: Any) -> str:
    name = f"evidence:document-{name}" if name else "evidence:document"
    return reverse(name, args=[document.province.code, document.public_id, *more])


def slot(world: World, address: str = "E1=done", **query: str) -> str:
    return f"{reverse('evidence:slot', args=[world.response.pk, 'E1'])}?{urlencode({'at': address, **query})}"


def add(world: World, text: str = "a", name: str = "คำสั่ง.pdf", agency: int | None = None) -> Document:
    sent = upload(pdf(text), name)
    return actions.add_document(by=world.secretary, province=world.province.pk, agency=agency, upload=sent).document


def text_of(answer: Any) -> str:
    return answer.content.decode()


def test_many_files_come_in_at_once_and_refused_ones_say_why(world: World, browse: Browse) -> None:
    client = browse(world.secretary)
    files = [upload(pdf("a"), "แผน ก.pdf"), upload(b"", "ว่าง.pdf"), upload(pdf("b"), "แผน ข.pdf")]
    answer = client.post(library(world), {"files": files})
    assert answer.status_code == 422
    assert "ว่างเปล่า" in text_of(answer)
    assert "เพิ่มเข้าคลังแล้ว 2 ไฟล์" in text_of(answer)
    answer = client.post(library(world), {"files": [upload(pdf("a")), upload(pdf("c"), "ค.pdf")]}, follow=True)
    assert "เพิ่มเข้าคลังแล้ว 1 ไฟล์ มีในคลังอยู่แล้ว 1 ไฟล์" in text_of(answer)
    assert {d.name for d in Document.objects.filter(agency=None)} == {"แผน ก.pdf", "แผน ข.pdf", "ค.pdf"}
    assert client.post(library(world), {}).status_code == 422


def test_photos_become_one_pdf(world: World, browse: Browse) -> None:
    photos = []
    for number in (1, 2):
        out = io.BytesIO()
        Image.new("RGB", (300, 200), "white").save(out, "JPEG")
        photos.append(upload(out.getvalue(), f"{number}.jpg"))
    client = browse(world.secretary)
    answer = client.post(library(world), {"photos": photos, "name": "บันทึกการประชุม"}, follow=True)
    document = Document.objects.get()
    assert answer.redirect_chain[-1][0] == of(document)
    assert (document.name, document.file.kind, document.file.pages) == ("บันทึกการประชุม.pdf", "pdf", 2)
    answer = client.post(library(world), {"photos": [upload(b"no", "ไม่ใช่.jpg")]})
    assert answer.status_code == 422
    assert "ไม่ใช่.jpg" in text_of(answer)


def test_each_office_sees_its_own_and_the_secretariat_all(world: World, browse: Browse) -> None:
    ours, theirs = add(world), add(world, "b", "ของหน่วยงาน.pdf", world.agency.pk)
    code = world.agency.code
    secretary, coordinator = browse(world.secretary), browse(world.coordinator)
    assert ours.name in text_of(secretary.get(library(world)))
    assert theirs.name not in text_of(secretary.get(library(world)))
    everything = text_of(secretary.get(library(world, "all")))
    assert ours.name in everything
    assert theirs.name in everything
    assert "data-library-upload" not in everything
    assert theirs.name in text_of(secretary.get(library(world, code)))
    assert "data-library-upload" not in text_of(secretary.get(library(world, code)))
    own = text_of(coordinator.get(library(world)))
    assert theirs.name in own
    assert ours.name not in own
    assert "data-library-upload" in own
    assert coordinator.get(of(theirs)).status_code == 200
    for path in (library(world, "own"), library(world, "all"), of(ours)):
        assert coordinator.get(path).status_code == 404
    for path in (library(world), library(world, code), of(theirs)):
        assert browse(world.outsider).get(path).status_code == 404
    reader = browse(world.reader)
    assert reader.get(of(theirs)).status_code == 200
    assert "doc-name" not in text_of(reader.get(of(ours)))
    assert reader.post(library(world), {"files": upload(pdf("z"))}).status_code in (403, 404)
    assert secretary.post(of(theirs, "change"), {"name": "x"}).status_code == 404
    assert Document.objects.count() == 2


def test_filters_and_search(world: World, browse: Browse) -> None:
    unused, used = add(world, "a", "ประกาศ.pdf"), world.attach(content=pdf("b"), name="รายงาน.pdf")
    add(world, "a", "สำเนา.pdf", world.agency.pk)
    say(unused.file, "ปก", "แต่งตั้งคณะทำงานธรรมาภิบาลข้อมูลของจังหวัด", day=date(2024, 5, 1))
    Attachment.objects.filter(pk=used.pk).update(
        verdict=Verdict.INSUFFICIENT, verdict_by=world.secretary, verdict_at=timezone.now()
    )
    client = browse(world.secretary)

    def shown(**query: str) -> set[str]:
        text = text_of(client.get(library(world, **query)))
        return {name for name in ("ประกาศ.pdf", "รายงาน.pdf") if f">{name}</a>" in text}

    assert shown(show="unused") == {"ประกาศ.pdf"}
    assert shown(show="duplicates") == {"ประกาศ.pdf"}
    assert shown(show="undated") == {"รายงาน.pdf"}
    assert shown(show="rejected") == {"รายงาน.pdf"}
    assert shown(kind="image") == set()
    assert shown(q="รายงาน") == {"รายงาน.pdf"}
    assert shown(q="E1") == {"รายงาน.pdf"}
    assert shown(q="ธรรมาภิบาลข้อมูล") == {"ประกาศ.pdf"}
    page = text_of(client.get(library(world, q="ธรรมาภิบาลข้อมูล")))
    assert "<mark>" in page
    assert "หน้า 2" in " ".join(page.split())


def test_the_page_of_a_document(world: World, browse: Browse) -> None:
    document = add(world)
    words = " ".join(
        f"แผนพัฒนาดิจิทัลจังหวัดฉบับที่ {n} เรื่อง {w}"
        for n, w in enumerate("น้ำ ดิน ป่า ถนน ไฟฟ้า เกษตร สุขภาพ การศึกษา ท่องเที่ยว".split())
    )
    say(document.file, words, day=date(2025, 2, 3))
    near = add(world, "b", "ฉบับร่าง.pdf", world.agency.pk)
    say(near.file, words + " เพิ่มเติม")
    add(world, "a", "สำเนา.pdf", world.agency.pk)
    [placed] = actions.place_document(
        by=world.secretary,
        document=document,
        targets=[actions.PlaceTarget(world.response, world.question("E1"), "E1=done")],
    )
    assert placed.attachment is not None
    mark = world.mark(placed.attachment, quote="ไม่มีในไฟล์")
    Mark.objects.filter(pk=mark.pk).update(state=MarkState.MISSING)
    text = " ".join(text_of(browse(world.secretary).get(of(document))).split())
    for words in (
        "3 กุมภาพันธ์ 2568",
        "อ่านจากเอกสาร",
        "ไฟล์เดียวกัน",
        "ข้อความใกล้กัน",
        "ฉบับร่าง.pdf",
        "ไม่มีในไฟล์",
        "คำตอบของจังหวัด",
    ):
        assert words in text, words
    assert "นำออกจากคลัง" not in text


def test_names_dates_removing_and_bringing_back(world: World, browse: Browse) -> None:
    document, client = add(world), browse(world.secretary)
    answer = client.post(of(document, "change"), {"name": "แผนปี 68", "date": "1 มี.ค. 68"}, follow=True)
    assert "แผนปี 68.pdf" in text_of(answer)
    assert "1 มีนาคม 2568" in text_of(answer)
    refused = client.post(of(document, "change"), {"name": "อื่น", "date": "เมื่อวาน"})
    assert refused.status_code == 422
    assert 'value="อื่น"' in text_of(refused)
    assert "นำออกจากคลังแล้ว" in text_of(client.post(of(document, "remove"), follow=True))
    assert document.name not in text_of(client.get(library(world)))
    assert "แผนปี 68" in text_of(client.get(library(world, show="removed")))
    client.post(of(document, "restore"))
    assert "แผนปี 68" in text_of(client.get(library(world)))


def test_a_new_version_can_be_undone_where_it_was_made(world: World, browse: Browse) -> None:
    document, client = add(world), browse(world.secretary)
    world.attach(content=pdf("a"))
    answer = client.post(of(document, "version"), {"file": upload(pdf("b"), "ใหม่.pdf")}, follow=True)
    text = text_of(answer)
    assert "ใช้ฉบับที่ 2 แล้ว" in text
    assert "เปลี่ยนหลักฐาน 1 แห่ง" in text
    assert f'action="{of(document, "return", 1)}"' in text
    assert "ใช้ฉบับที่ 1 แล้ว" in text_of(client.post(of(document, "return", 1), follow=True))
    assert client.post(of(document, "version"), {}).status_code == 422
    content = b"".join(client.get(of(document, "file") + "?version=2").streaming_content)
    assert content == pdf("b")
    assert client.get(of(document, "file") + "?version=9").status_code == 404


def test_placing_at_many_places(world: World, browse: Browse) -> None:
    world.answer({"E1": "done", "E1a": ["2"]})
    document, client = add(world), browse(world.secretary)
    page = text_of(client.get(of(document, "place")))
    assert 'value="E1=done"' in page
    assert "E1=none" not in page
    found = text_of(client.get(of(document, "place") + "?q=เรื่องสอง"))
    assert 'value="E1a=2"' in found
    assert 'value="E1=done"' not in found
    assert client.post(of(document, "place"), {}).status_code == 422
    answer = client.post(of(document, "place"), {"at": ["E1=done", "E9=x"]})
    assert answer.status_code == 422
    assert "ใช้เป็นหลักฐานแล้ว 1 แห่ง" in text_of(answer)
    assert client.post(of(document, "place"), {"at": ["E1a=2"]}).status_code == 302
    assert sorted(a.address for a in Attachment.objects.all()) == ["E1=done", "E1a=2"]


def test_an_agency_places_only_where_it_answers(world: World, browse: Browse) -> None:
    document = add(world, agency=world.agency.pk)
    answer = browse(world.coordinator).get(of(document, "place"))
    assert answer.status_code == 200
    assert browse(world.secretary).get(of(document, "place")).status_code == 404


def test_choosing_on_the_panel(world: World, browse: Browse) -> None:
    world.answer({"E1": "done"})
    fitting, other = add(world, "a", "แผนที่ตรง.pdf"), add(world, "b", "อื่น.pdf")
    say(fitting.file, "ปก", "จังหวัดมีแผน เสร็จแล้ว และประกาศใช้แล้ว มีแผนหรือไม่")
    say(other.file, "รายการครุภัณฑ์ โต๊ะ เก้าอี้")
    client = browse(world.secretary)
    text = text_of(client.get(slot(world)))
    assert "แผนที่ตรง.pdf" in text
    assert "อื่น.pdf" not in text
    assert "อื่น.pdf" in text_of(client.get(slot(world, find="ครุภัณฑ์")))
    answer = client.post(slot(world), {"document": str(fitting.public_id)}, follow=True)
    assert "จากคลังแล้ว" in text_of(answer)
    assert Event.objects.get(verb="evidence.attach").data["address"] == "E1=done"
    assert "ใช้เอกสารนี้" not in text_of(answer)
    theirs = add(world, "c", agency=world.agency.pk)
    for strange in (str(theirs.public_id), "x"):
        assert client.post(slot(world), {"document": strange}).status_code == 404


def fill(world: World, number: int) -> None:
    """Many documents, each with a text and every second one used."""
    files = File.objects.bulk_create(
        File(sha256=f"{n:064x}", size=9, kind="pdf", media_type="application/pdf", stored="x") for n in range(number)
    )
    now, by = timezone.now(), world.secretary
    Document.objects.bulk_create(
        Document(province=world.province, file=file, name=f"เอกสาร {n}.pdf", added_by=by, added_at=now)
        for n, file in enumerate(files)
    )
    Attachment.objects.bulk_create(
        Attachment(
            response=world.response,
            question=world.question("E1"),
            address="E1=done",
            file=file,
            name="x",
            added_by=by,
            added_at=now,
        )
        for file in files[::2]
    )
    for file in files[:: max(number // 40, 1)]:
        say(file, "แผนพัฒนาดิจิทัลของจังหวัด")
    tell_planner()


@pytest.mark.parametrize("number", [3, pytest.param(2000, marks=[pytest.mark.slow, pytest.mark.once])])
def test_pages_cost_the_same_whatever_the_library_holds(
    world: World, browse: Browse, number: int, django_assert_max_num_queries: Any
) -> None:
    world.answer({"E1": "done", "E1a": ["2"]})
    fill(world, number)
    document = Document.objects.order_by("pk")[0]
    client = browse(world.secretary)
    client.get(of(document))  # a form is compiled once in each process
    for path in (
        library(world),
        library(world, "all", q="แผนพัฒนา"),
        library(world, show="unused"),
        of(document),
        of(document, "place"),
        slot(world, "E1a=2"),
    ):
        with django_assert_max_num_queries(QUERIES):
            answer = client.get(path)
        assert answer.status_code == 200
        assert len(answer.content) < 150_000
