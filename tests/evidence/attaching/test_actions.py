"""Attaching, marking, removing: what changes, what is refused, what the journal says."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from evidence import store
from evidence.attaching import actions, queries
from evidence.attaching.snapshot import evidence_snapshot
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, File, Mark
from survey.answering.actions import NotEditable
from survey.journal.actions import compute_event_hash
from survey.models import Event, Response, Round
from tests.evidence.conftest import World, pdf, upload
from tests.hostile.files import ooxml, png


def refused(reason: str, call: Any, *args: Any, **kwargs: Any) -> EvidenceRefused:
    with pytest.raises(EvidenceRefused) as caught:
        call(*args, **kwargs)
    assert caught.value.reason == reason
    return caught.value


def events(world: World) -> list[Event]:
    return list(Event.objects.filter(response=world.response))


def test_attaching_keeps_the_file_and_says_so_in_the_journal(world: World) -> None:
    content = pdf("แผน", 3)
    attachment = world.attach("E1=done", content, name="แผน ๒๕๖๘.PDF")
    file = attachment.file
    assert file is not None
    assert (file.sha256, file.size, file.kind, file.pages) == (
        hashlib.sha256(content).hexdigest(),
        len(content),
        "pdf",
        3,
    )
    assert attachment.name == "แผน ๒๕๖๘.pdf"
    with store.open_stored_content(file.stored) as kept:
        assert kept.read() == content
    (event,) = events(world)
    assert (event.verb, event.by, event.question.item_id) == ("evidence.attach", world.secretary, "E1")
    assert event.data["address"] == "E1=done"
    assert event.data["before"] == {}
    assert event.data["after"] == {"name": attachment.name, "sha256": file.sha256, "size": len(content)}
    assert event.hash == compute_event_hash(event)
    assert world.response.version == 1
    assert Response.objects.get(pk=world.response.pk).head == event.hash


def test_the_same_content_is_one_file_at_many_places(world: World) -> None:
    first = world.attach("E1=done")
    second = world.attach("E3/2/paper", name="ชื่ออื่น.pdf")
    other = world.attach("E1=done", response=world.elsewhere, by=world.outsider)
    assert first.file == second.file == other.file
    assert second.name == "ชื่ออื่น.pdf"
    assert File.objects.count() == 1


def test_attaching_again_changes_nothing(world: World) -> None:
    first = world.attach("E1=done")
    again = actions.attach_evidence(
        by=world.secretary,
        response=world.response,
        question=world.question("E1"),
        address="E1=done",
        upload=upload(pdf()),
    )
    assert (again.attachment, again.created) == (first, False)
    assert len(events(world)) == 1


@pytest.mark.parametrize("address", ["E1=none", "E1", "E4#r1/E4.name", "E9=done", "", "E1=done\x00"])
def test_only_evidence_places_take_files(world: World, address: str) -> None:
    given = {"by": world.secretary, "response": world.response, "question": world.question("E1")}
    refused("place", actions.attach_evidence, **given, address=address, upload=upload(pdf()))
    assert not Attachment.objects.exists()


def test_the_place_must_be_of_the_question(world: World) -> None:
    given = {"by": world.secretary, "response": world.response, "question": world.question("E2")}
    refused("place", actions.attach_evidence, **given, address="E1=done", upload=upload(pdf()))


def test_a_place_that_is_closed_now_still_takes_files(world: World) -> None:
    world.answer({"E1": "none"})
    assert world.attach("E4#r1/E4.results#r2/E4.result").address == "E4#r1/E4.results#r2/E4.result"


def test_a_refused_file_leaves_nothing(world: World) -> None:
    refused("kind", world.attach, "E1=done", b"MZ program")
    assert not File.objects.exists()
    assert not events(world)
    assert Response.objects.get(pk=world.response.pk).version == 0


def test_web_addresses_only_where_the_form_takes_them(world: World) -> None:
    given: dict[str, Any] = {"by": world.secretary, "response": world.response}
    refused(
        "url_place",
        actions.attach_evidence,
        **given,
        question=world.question("E1"),
        address="E1=done",
        url="https://a.example.org",
    )
    place = {**given, "question": world.question("E2"), "address": "E2=yes"}
    refused("url", actions.attach_evidence, **place, url="javascript:alert(1)")
    attachment = actions.attach_evidence(**place, url=" https://www.example.org/ข้อมูล ").attachment
    assert attachment.url == "https://www.example.org/ข้อมูล"
    world.response.refresh_from_db(fields=["version", "head"])  # version and head name the state that is read
    assert queries.marked_addresses(world.response) == {"E2=yes"}
    refused("url_mark", world.mark, attachment)
    with pytest.raises(ValueError):
        actions.attach_evidence(**place)


def test_the_database_holds_one_of_file_and_address(world: World) -> None:
    attachment = world.attach()
    for change in ({"url": "https://a.example.org"}, {"file": None}, {"removed_by": world.secretary}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Attachment.objects.filter(pk=attachment.pk).update(**change)


def test_marks_say_where_and_what(world: World) -> None:
    attachment = world.attach(content=pdf(pages=5))
    world.response.refresh_from_db(fields=["version", "head"])  # version and head name the state that is read
    assert queries.marked_addresses(world.response) == frozenset()
    mark = world.mark(attachment, "หน้า ๒–๓", " การสํารวจ\r\nบรรทัดสอง ")
    assert (mark.pages, mark.quote) == ("2-3", "การสำรวจ\nบรรทัดสอง")
    world.response.refresh_from_db(fields=["version", "head"])  # version and head name the state that is read
    assert queries.marked_addresses(world.response) == {"E1=done"}
    world.mark(attachment, "5", "อื่น", mark=mark)
    world.mark(attachment, "5", "อื่น", mark=mark)
    data = [e.data for e in events(world)][1:]
    assert [(d["before"], d["after"]) for d in data] == [
        ({}, {"pages": "2-3", "quote": "การสำรวจ\nบรรทัดสอง"}),
        ({"pages": "2-3", "quote": "การสำรวจ\nบรรทัดสอง"}, {"pages": "5", "quote": "อื่น"}),
    ]
    actions.delete_mark(by=world.secretary, mark=mark)
    actions.delete_mark(by=world.secretary, mark=mark)
    last = events(world)[-1]
    assert (last.verb, last.data["before"]) == ("evidence.unmark", {"pages": "5", "quote": "อื่น"})
    assert len(events(world)) == 4
    world.response.refresh_from_db(fields=["version", "head"])  # version and head name the state that is read
    assert queries.marked_addresses(world.response) == frozenset()


def test_marks_that_say_nothing_are_refused(world: World) -> None:
    attachment = world.attach(content=pdf(pages=5))
    refused("quote", world.mark, attachment, "1", "  ")
    refused("quote", world.mark, attachment, "1", "ก" * 2001)
    refused("pages", world.mark, attachment, "", "ก")
    refused("pages", world.mark, attachment, "3-1", "ก")
    assert "5 หน้า" in str(refused("pages", world.mark, attachment, "6", "ก"))
    assert not Mark.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mark.objects.create(
            attachment=attachment,
            pages="1",
            quote="",
            by=world.secretary,
            at=datetime(2026, 1, 1, tzinfo=UTC),
        )


def test_a_picture_has_one_page_and_a_text_any(world: World) -> None:
    assert world.mark(world.attach("E1=done", png()), "", "ป้ายหน้าอาคาร").pages == "1"
    assert world.mark(world.attach("E1=done", ooxml("docx")), "999", "ข้อความ").pages == "999"


def test_removing_keeps_the_file_and_can_be_undone(world: World) -> None:
    attachment = world.attach()
    world.mark(attachment, "1", "คำ")
    actions.remove_attachment(by=world.secretary, attachment=attachment)
    actions.remove_attachment(by=world.secretary, attachment=attachment)
    world.response.refresh_from_db(fields=["version", "head"])  # version and head name the state that is read
    assert queries.marked_addresses(world.response) == frozenset()
    assert queries.attachments_by_address(world.response) == {}
    assert [a.name for a in queries.removed_attachments(world.response, "E1=done")] == ["แผน.pdf"]
    removal = events(world)[-1]
    assert removal.verb == "evidence.remove"
    assert removal.data["before"]["marks"] == [{"pages": "1", "quote": "คำ"}]
    assert removal.data["before"]["sha256"] == attachment.file.sha256
    refused("removed", world.mark, attachment, "1", "ก")
    actions.restore_attachment(by=world.secretary, attachment=attachment)
    actions.restore_attachment(by=world.secretary, attachment=attachment)
    world.response.refresh_from_db(fields=["version", "head"])  # version and head name the state that is read
    assert queries.marked_addresses(world.response) == {"E1=done"}
    assert [e.verb for e in events(world)] == [
        "evidence.attach",
        "evidence.mark",
        "evidence.remove",
        "evidence.restore",
    ]


def test_what_stands_again_is_not_restored_beside_itself(world: World) -> None:
    attachment = world.attach()
    actions.remove_attachment(by=world.secretary, attachment=attachment)
    again = world.attach()
    assert again != attachment
    refused("standing", actions.restore_attachment, by=world.secretary, attachment=attachment)


def test_the_date_of_the_document(world: World) -> None:
    attachment = world.attach()
    day = date(2024, 7, 1)
    for _time in range(2):
        actions.set_document_date(by=world.secretary, attachment=attachment, document_date=day)
    actions.set_document_date(by=world.secretary, attachment=attachment, document_date=None)
    data = [e.data for e in events(world)][1:]
    assert [d["after"]["document_date"] for d in data] == ["2024-07-01", ""]


def _submit(world: World) -> None:
    Response.objects.filter(pk=world.response.pk).update(state=Response.State.SUBMITTED)


def _close(world: World) -> None:
    Round.objects.update(closes_at=datetime(2025, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("end", [_submit, _close])
def test_nothing_changes_once_the_response_is_out_of_hand(world: World, end: Any) -> None:
    attachment = world.attach()
    mark = world.mark(attachment)
    gone = world.attach("E1b")
    actions.remove_attachment(by=world.secretary, attachment=gone)
    before = len(events(world))
    end(world)
    me = {"by": world.secretary}
    for call in (
        lambda: world.attach("E1=done", pdf("b")),
        lambda: world.mark(attachment, "1", "อื่น"),
        lambda: world.mark(attachment, "1", "อื่น", mark=mark),
        lambda: actions.delete_mark(**me, mark=mark),
        lambda: actions.set_document_date(**me, attachment=attachment, document_date=date(2024, 7, 1)),
        lambda: actions.remove_attachment(**me, attachment=attachment),
        lambda: actions.restore_attachment(**me, attachment=gone),
    ):
        with pytest.raises(NotEditable):
            call()
    assert len(events(world)) == before


def test_the_province_has_a_quota_of_distinct_content(world: World, settings: Any) -> None:
    first, second, third = pdf("a"), pdf("bb"), pdf("ccc")
    settings.EVIDENCE_QUOTA_BYTES = len(first) + len(second)
    world.attach("E1=done", first)
    world.attach("E1b", first)
    world.attach("E1=done", first, response=world.contribution, by=world.coordinator)
    world.attach("E1=done", second)
    words = str(refused("quota", world.attach, "E1=done", third))
    assert "พื้นที่เก็บหลักฐาน" in words
    world.attach("E1a=1", second)  # is there already
    world.attach("E1=done", third, response=world.elsewhere, by=world.outsider)  # another province


def test_the_file_is_safe_before_its_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between file and row, there is a file without a row, never a row without a file."""
    seen: list[bool] = []
    create = File.objects.get_or_create

    def watched(**given: Any) -> Any:
        seen.append(store.evidence_storage().exists(given["defaults"]["stored"]))
        return create(**given)

    def killed(*_args: Any, **_given: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(File.objects, "get_or_create", watched)
    monkeypatch.setattr("evidence.attaching.actions.attach.record_evidence_event", killed)
    with pytest.raises(KeyboardInterrupt):
        world.attach()
    assert seen == [True]
    assert not File.objects.exists()
    assert not Attachment.objects.exists()
    monkeypatch.undo()
    assert world.attach().file is not None  # the file that was left behind is taken up


def test_a_store_that_fails_leaves_no_row(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("evidence.store.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        world.attach()
    assert not File.objects.exists()
    left = [p for p in Path(store.evidence_storage().base_location).rglob("*") if p.is_file()]
    assert left == []


def test_what_a_frozen_version_records(world: World) -> None:
    second = world.attach("E3/2/paper", pdf("b", 4), name="ข.pdf")
    first = world.attach("E1=done", pdf("a"), name="ก.pdf")
    actions.remove_attachment(by=world.secretary, attachment=world.attach("E1=done", pdf("c")))
    world.mark(second, "4", "ข้อความสี่")
    world.mark(second, "2", "ข้อความสอง")
    blank = {"url": "", "document_date": ""}
    assert evidence_snapshot(world.response) == [
        {
            "address": "E1=done",
            "name": "ก.pdf",
            "sha256": first.file.sha256,
            "size": first.file.size,
            "marks": [],
            **blank,
        },
        {
            "address": "E3/2/paper",
            "name": "ข.pdf",
            "sha256": second.file.sha256,
            "size": second.file.size,
            "marks": [{"pages": "2", "quote": "ข้อความสอง"}, {"pages": "4", "quote": "ข้อความสี่"}],
            **blank,
        },
    ]
    assert queries.count_attachments(world.response) == 2
    assert set(queries.attached_files(world.response)) == {first.file, second.file}


@pytest.mark.parametrize("many", [1, 4])
def test_reads_cost_the_same_however_much_there_is(world: World, many: int, django_assert_num_queries: Any) -> None:
    for number in range(many):
        attachment = world.attach("E1=done", pdf(str(number)))
        for page in ("1", "1"):
            world.mark(attachment, page, f"ข้อความ {number}")
    world.response.refresh_from_db(fields=["version", "head"])
    with django_assert_num_queries(2):
        found = queries.attachments_by_address(world.response)
    assert [len(a.marks) for a in found["E1=done"]] == [2] * many
    assert found["E1=done"][0].marks[0].by == world.secretary.get_full_name()
    with django_assert_num_queries(1):
        shown = queries.attachment_summaries(world.response)["E1=done"]
    assert [(s.name, s.marked) for s in shown] == [(a.name, a.marked) for a in found["E1=done"]]
    with django_assert_num_queries(0):  # the same state of the response, read already
        assert queries.marked_addresses(world.response) == {"E1=done"}
    with django_assert_num_queries(2):
        assert len(evidence_snapshot(world.response)) == many


def test_only_what_is_marked_counts_in_every_read(world: World) -> None:
    world.attach("E1=done")
    world.mark(world.attach("E3/2/paper"))
    given = {"by": world.secretary, "response": world.response, "question": world.question("E2")}
    actions.attach_evidence(**given, address="E2=yes", url="https://www.example.org/")
    slots = queries.attachment_summaries(world.response)
    assert {at: [s.marked for s in some] for at, some in slots.items()} == {
        "E1=done": [False],
        "E2=yes": [True],
        "E3/2/paper": [True],
    }
    world.response.refresh_from_db(fields=["version", "head"])  # version and head name the state that is read
    assert queries.marked_addresses(world.response) == {at for at, some in slots.items() if some[0].marked}


def test_events_hang_together(world: World) -> None:
    world.attach()
    world.mark(Attachment.objects.get())
    assert [e.seq for e in events(world)] == [1, 2]
    chain = events(world)
    assert chain[1].previous == chain[0].hash
