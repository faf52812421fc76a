"""Documents of a library: kept by themselves, placed at many places, exchanged for a new version and back."""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Any

import pytest
from django.utils import timezone

from dgready.append_only import AppendOnlyError
from evidence.attaching import actions as attaching
from evidence.files.refusal import EvidenceRefused
from evidence.library import actions as library
from evidence.library.keeping import keep_document
from evidence.models import Attachment, Document, File, LibraryEvent, Mark, MarkState, Verdict
from evidence.placing import actions
from evidence.placing.actions import PlaceTarget
from evidence.store import stored_name
from reports.proof.verify import verify_all
from survey.models import Event, Response
from tests.evidence.conftest import World, pdf, upload
from tests.evidence.texts import say

QUOTE = "แต่งตั้งคณะกรรมการขับเคลื่อนรัฐบาลดิจิทัลของจังหวัด"


def add(world: World, text: str = "a", name: str = "คำสั่ง.pdf") -> Document:
    """A document in the secretariat's library."""
    sent = upload(pdf(text), name)
    return actions.add_document(by=world.secretary, province=world.province.pk, agency=None, upload=sent).document


def target(world: World, address: str, response: Response | None = None) -> PlaceTarget:
    item = address.split("=")[0]
    return PlaceTarget(response or world.response, world.question("E1" if item.startswith("E1") else item), address)


def put(world: World, document: Document, *addresses: str) -> list[Any]:
    targets = [target(world, address) for address in addresses]
    return actions.place_document(by=world.secretary, document=document, targets=targets)


def exchange(world: World, document: Document, text: str, **more: Any) -> actions.VersionChange:
    return actions.add_version(by=world.secretary, document=document, upload=upload(pdf(text), "ใหม่.pdf"), **more)


def assert_proved() -> None:
    assert verify_all().faults == []


def test_what_is_attached_is_in_the_library_of_its_office(world: World, django_assert_max_num_queries: Any) -> None:
    own = world.attach(name="แผน.pdf")
    theirs = world.attach(response=world.contribution, by=world.coordinator, content=pdf("b"))
    world.attach(address="E1a=2")
    kept = {(d.agency_id, d.file_id, d.name, d.added_by_id) for d in Document.objects.all()}
    assert kept == {
        (None, own.file_id, "แผน.pdf", world.secretary.pk),
        (world.agency.pk, theirs.file_id, "แผน.pdf", world.coordinator.pk),
    }
    assert theirs.file is not None
    where = {"province": world.province.pk, "agency": world.agency.pk, "at": timezone.now(), "name": "x.pdf"}
    with django_assert_max_num_queries(1):
        keep_document(by=world.coordinator, file=theirs.file, **where)
    assert own.file is not None
    with django_assert_max_num_queries(2):
        keep_document(by=world.coordinator, file=own.file, **where)


def test_a_removed_document_comes_back_when_it_is_attached(world: World) -> None:
    document = add(world)
    library.remove_document(by=world.secretary, document=document)
    world.attach(content=pdf("a"))
    document.refresh_from_db()
    assert document.removed_at is None
    assert [e.verb for e in document.events.all()] == ["restore", "remove", "add"]
    with pytest.raises(EvidenceRefused, match="ใช้เป็นหลักฐานอยู่"):
        library.remove_document(by=world.secretary, document=document)


def test_the_log_only_grows(world: World) -> None:
    event = add(world).events.get()
    assert (event.by, event.verb, event.after["name"]) == (world.secretary, "add", "คำสั่ง.pdf")
    for act in (event.save, event.delete, LibraryEvent.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            act()
    with pytest.raises(AppendOnlyError):
        LibraryEvent.objects.update(verb="date")


def test_the_same_content_is_in_a_library_once(world: World) -> None:
    first = add(world)
    again = actions.add_document(
        by=world.secretary, province=world.province.pk, agency=None, upload=upload(pdf("a"), "อื่น.pdf")
    )
    assert (again.document, again.created) == (first, False)
    theirs = actions.add_document(
        by=world.coordinator, province=world.province.pk, agency=world.agency.pk, upload=upload(pdf("a"))
    )
    assert theirs.created
    assert File.objects.count() == 1


def test_names_and_dates(world: World) -> None:
    document = library.rename_document(by=world.secretary, document=add(world), name=" แผน <2568> ")
    assert document.name == "แผน _2568_.pdf"
    library.set_date(by=world.secretary, document=document, document_date=date(2025, 3, 1))
    event = document.events.first()
    assert event is not None
    assert (event.verb, event.before, event.after) == (
        "date",
        {"document_date": None},
        {"document_date": "2025-03-01"},
    )
    with pytest.raises(EvidenceRefused):
        library.rename_document(by=world.secretary, document=document, name="  ")


def test_one_document_at_many_places_and_refusals_by_place(world: World) -> None:
    document = add(world)
    library.set_date(by=world.secretary, document=document, document_date=date(2025, 3, 1))
    placed = put(world, document, "E1=done", "E1=none", "E1a=2")
    assert [bool(p.attachment) for p in placed] == [True, False, True]
    assert "ไม่ใช่ที่แนบ" in placed[1].refusal
    events = Event.objects.filter(response=world.response, verb="evidence.attach")
    assert sorted(e.data["address"] for e in events) == ["E1=done", "E1a=2"]
    assert {a.document_date for a in Attachment.objects.all()} == {date(2025, 3, 1)}
    assert [p.created for p in put(world, document, "E1=done")] == [False]
    assert [e.verb for e in document.events.all()] == ["place", "date", "add"]
    assert_proved()
    Response.objects.filter(pk=world.response.pk).update(state="approved")
    world.response.refresh_from_db()
    [refused] = put(world, document, "E1b")
    assert "อนุมัติแล้ว" in refused.refusal


def test_a_new_version_takes_the_attachments_and_their_marks_along(world: World) -> None:
    document = add(world)
    say(document.file, "ปก", QUOTE, "ข้อความอื่นที่หายไปในฉบับใหม่")
    attachment = put(world, document, "E1=done")[0].attachment
    found = world.mark(attachment, quote=QUOTE)
    lost = world.mark(attachment, quote="ข้อความอื่นที่หายไปในฉบับใหม่")
    pointed = world.mark(attachment, quote="", note="ตราประทับมุมขวา")
    File.objects.create(
        sha256=_sha(pdf("b")),
        size=len(pdf("b")),
        kind="pdf",
        media_type="application/pdf",
        stored=stored_name(_sha(pdf("b"))),
        pages=1,
    )
    say(File.objects.get(sha256=_sha(pdf("b"))), "ปก", "สารบัญ", f"1. {QUOTE}")
    done = exchange(world, document, "b")
    assert (done.moved.attachments, done.moved.left, done.moved.lost, done.moved.waiting) == (1, 0, 2, False)
    states = {mark.pk: (mark.pages, mark.state) for mark in Mark.objects.all()}
    assert states == {found.pk: ("3", "exact"), lost.pk: ("1", "lost"), pointed.pk: ("1", "lost")}
    attachment.refresh_from_db()
    assert attachment.file == done.document.file
    assert Mark.objects.get(pk=found.pk).by == world.secretary
    event = Event.objects.get(verb="evidence.version")
    assert event.data["before"]["sha256"] == _sha(pdf("a"))
    assert [v.number for v in document.versions.all()] == [1, 2]
    assert_proved()
    back = actions.return_to_version(by=world.secretary, document=document, number=1)
    assert back.moved.lost == 0
    assert {mark.pk: (mark.pages, mark.state) for mark in Mark.objects.all()} == {
        found.pk: ("1", "elsewhere"),
        lost.pk: ("1", "elsewhere"),
        pointed.pk: ("1", pointed.state),
    }
    assert [e.verb for e in document.events.all()][:2] == ["return", "version"]
    assert_proved()


def test_approved_answers_keep_the_version_they_were_approved_with(world: World) -> None:
    document = add(world)
    attachment = put(world, document, "E1=done")[0].attachment
    Response.objects.filter(pk=world.response.pk).update(state="approved")
    done = exchange(world, document, "b")
    assert (done.moved.attachments, done.moved.left) == (0, 1)
    attachment.refresh_from_db()
    assert attachment.file.sha256 == _sha(pdf("a"))
    assert done.document.file.sha256 == _sha(pdf("b"))


def test_only_the_offices_own_attachments_move_and_verdicts_fall(world: World) -> None:
    document = add(world)
    own = put(world, document, "E1=done")[0].attachment
    theirs = world.attach(response=world.contribution, by=world.coordinator, content=pdf("a"))
    Attachment.objects.filter(pk=own.pk).update(
        verdict=Verdict.ACCEPTED, verdict_by=world.secretary, verdict_at=timezone.now()
    )
    exchange(world, document, "b")
    own.refresh_from_db()
    theirs.refresh_from_db()
    assert (own.verdict, own.verdict_by, own.file.sha256) == ("", None, _sha(pdf("b")))
    assert theirs.file is not None
    assert theirs.file.sha256 == _sha(pdf("a"))
    assert Event.objects.filter(verb="evidence.judge").count() == 1


def test_marks_wait_for_the_text_of_the_new_version(world: World) -> None:
    document = add(world)
    attachment = put(world, document, "E1=done")[0].attachment
    mark = world.mark(attachment, quote=QUOTE)
    done = exchange(world, document, "b")
    assert done.moved.waiting
    assert actions.recheck_file(done.document.file.pk) == 0
    say(done.document.file, "ปก", QUOTE)
    younger = world.mark(attachment, quote="เขียนหลังเปลี่ยนฉบับ")
    assert actions.recheck_file(done.document.file.pk) == 1
    mark.refresh_from_db()
    younger.refresh_from_db()
    assert (mark.pages, mark.state, younger.state) == ("2", MarkState.EXACT, MarkState.MISSING)
    assert actions.recheck_file(done.document.file.pk) == 0
    assert_proved()


def test_versions_that_are_refused(world: World) -> None:
    document, other = add(world), add(world, "c", "อื่น.pdf")
    with pytest.raises(EvidenceRefused, match="ฉบับที่ใช้อยู่แล้ว"):
        exchange(world, document, "a")
    with pytest.raises(EvidenceRefused, match=r"อื่น\.pdf"):
        exchange(world, document, "c")
    with pytest.raises(EvidenceRefused, match="ไม่มีฉบับนี้"):
        actions.return_to_version(by=world.secretary, document=other, number=4)
    exchange(world, document, "b", document_date=date(2025, 1, 2))
    back = exchange(world, document, "a")
    assert back.version.number == 1
    assert [v.number for v in document.versions.all()] == [1, 2]
    assert actions.return_to_version(by=world.secretary, document=document, number=2).document.document_date == date(
        2025, 1, 2
    )


def test_infected_files_are_not_placed(world: World) -> None:
    document = add(world)
    File.objects.update(scan_state="infected")
    assert "ไวรัส" in put(world, Document.objects.get(pk=document.pk), "E1=done")[0].refusal


def test_taken_over_from_an_agency_it_stays_the_agencys(world: World) -> None:
    theirs = world.attach(response=world.contribution, by=world.coordinator)
    attaching.adopt_evidence(by=world.secretary, attachment=theirs, response=world.response, address=theirs.address)
    assert [d.agency for d in Document.objects.all()] == [world.agency]


def _sha(content: bytes) -> str:
    return sha256(content).hexdigest()
