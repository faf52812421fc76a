"""When marks are checked: as they are made, when the text is read, brought back or adopted; and when never."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from evidence import tasks
from evidence.attaching import actions
from evidence.checking.actions import check_file
from evidence.files.refusal import EvidenceRefused
from evidence.models import Attachment, FileText, Mark, MarkState, TextState
from evidence.reading import actions as reading
from reports.proof.verify import verify_all
from survey.committee.endorsement import ADDITION_EVENTS
from survey.instrument.queries import compiled_instrument
from survey.journal.event_texts import describe_event
from survey.models import Event, Response, Round
from tests.evidence.checking.texts import document, read_as
from tests.evidence.conftest import World, pdf

TEXT = "จังหวัดเห็นชอบแผนพัฒนาดิจิทัลระยะห้าปี จำนวน 12 โครงการ"
STANDS, INVENTED = "แผนพัฒนาดิจิทัลระยะห้าปี", "จัดซื้อรถดับเพลิงและเรือท้องแบน"


def states(attachment: Attachment) -> list[str]:
    return list(Mark.objects.filter(attachment=attachment).order_by("pk").values_list("state", flat=True))


def checks() -> list[Event]:
    return list(Event.objects.filter(verb="evidence.check").order_by("pk"))


def faults() -> list[str]:
    return [fault.code for fault in verify_all().faults]


def close(world: World, state: str = Response.State.SUBMITTED) -> None:
    Response.objects.filter(pk=world.response.pk).update(state=state)


def test_a_mark_is_checked_as_it_is_made_and_changed(world: World) -> None:
    attachment = world.attach(content=pdf(pages=3))
    read_as(attachment, TEXT, "หน้าสอง", "")
    mark = world.mark(attachment, quote=STANDS)
    assert mark.state == MarkState.EXACT
    event = Event.objects.latest("pk")
    assert (event.verb, event.data["after"]["state"]) == ("evidence.mark", "exact")
    changed = world.mark(attachment, quote=INVENTED, mark=mark)
    assert changed.state == MarkState.MISSING
    assert world.mark(attachment, pages="3", quote="", note="ตราจังหวัด").state == MarkState.SEEN
    assert world.mark(attachment, pages="3", quote=INVENTED).state == MarkState.UNREAD
    assert checks() == []
    assert faults() == []


def test_it_costs_one_query_and_reads_no_file(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    attachment = world.attach()
    monkeypatch.setattr("evidence.store.open_stored_content", None)
    with CaptureQueriesContext(connection) as asked:
        world.mark(attachment, quote=STANDS)
    assert sum("filetext" in query["sql"] for query in asked.captured_queries) == 1


def test_marks_are_checked_once_the_text_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    attachment, agency = world.attach(), world.attach(response=world.contribution, by=world.coordinator)
    world.mark(attachment, quote=STANDS)
    world.mark(attachment, quote=INVENTED)
    actions.save_mark(by=world.coordinator, attachment=agency, pages="1", quote=INVENTED)
    assert states(attachment) == ["", ""]
    monkeypatch.setattr(reading, "read_document", lambda *_args, **_more: document(TEXT))
    assert attachment.file is not None
    tasks.read_file_text(attachment.file.pk)
    assert (states(attachment), states(agency)) == (["exact", "missing"], ["missing"])
    first, second = checks()
    assert (first.by, first.question, first.data["attachment"]) == (
        None,
        attachment.question,
        str(attachment.public_id),
    )
    assert [mark["state"] for mark in first.data["marks"]] == ["exact", "missing"]
    said = describe_event(compiled_instrument(world.instrument), first, {}).text
    assert f"หน้า 1: “{STANDS}” พบในหน้าที่ระบุ" in said
    assert f"“{INVENTED}” ไม่พบข้อความนี้ในไฟล์" in said
    assert second.response == world.contribution
    assert not Event.objects.filter(ADDITION_EVENTS, verb="evidence.check").exists()
    tasks.read_file_text(attachment.file.pk)
    tasks.check_unchecked_marks()
    tasks.check_marks_again()
    assert len(checks()) == 2
    assert faults() == []


def test_a_reading_that_goes_on_later_judges_nothing_yet(world: World) -> None:
    attachment = world.attach()
    file = read_as(attachment, TEXT, "", state=TextState.WAITING)
    assert world.mark(attachment, quote=INVENTED).state == ""
    assert check_file(file.pk) == 0
    tasks.check_unchecked_marks()
    assert states(attachment) == [""]


def test_a_file_that_cannot_be_read_asks_for_a_note(world: World) -> None:
    attachment = world.attach()
    world.mark(attachment, quote=STANDS)
    world.mark(attachment, quote="", note="ตราจังหวัด")
    file = read_as(attachment, state=TextState.FAILED)
    check_file(file.pk)
    assert states(attachment) == ["unread", "seen"]


@pytest.mark.parametrize("state", [Response.State.SUBMITTED, Response.State.APPROVED, Response.State.ENDORSED])
def test_what_is_closed_stays_until_it_can_be_changed_again(world: World, state: str) -> None:
    attachment = world.attach()
    world.mark(attachment, quote=INVENTED)
    close(world, state)
    file = read_as(attachment, TEXT)
    assert check_file(file.pk) == 0
    tasks.check_unchecked_marks()
    assert (states(attachment), checks()) == ([""], [])
    close(world, Response.State.DRAFT)
    tasks.check_unchecked_marks()
    assert states(attachment) == ["missing"]
    assert faults() == []


def test_a_round_that_is_over_does_not_keep_the_sweep_from_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "CHECKED_FILES", 1)
    over, going = world.attach(), world.attach(response=world.elsewhere, by=world.outsider, content=pdf("b"))
    for one, by in ((over, world.secretary), (going, world.outsider)):
        actions.save_mark(by=by, attachment=one, pages="1", quote=STANDS)
        read_as(one, TEXT)
    Round.objects.filter(pk=world.response.round_id).update(closes_at=timezone.now() - timedelta(days=1))
    tasks.check_unchecked_marks()
    assert (states(over), states(going)) == ([""], ["exact"])


def test_a_better_reading_is_told_to_open_answers_and_later_to_those_that_were_closed(world: World) -> None:
    attachment, agency = world.attach(), world.attach(response=world.contribution, by=world.coordinator)
    read_as(attachment, "ตัวอักษรเสีย")
    for one in (attachment, agency):
        actions.save_mark(by=world.secretary, attachment=one, pages="1", quote=STANDS)
    close(world)
    file = read_as(attachment, TEXT)  # as after renew_reading
    check_file(file.pk)
    assert (states(attachment), states(agency)) == (["missing"], ["exact"])
    FileText.objects.update(read_at=timezone.now() - timedelta(days=30))
    close(world, Response.State.RETURNED)
    tasks.check_marks_again()
    assert states(attachment) == ["missing"]  # nothing says that it was closed meanwhile
    Event.objects.create(response=world.response, seq=99, at=timezone.now(), verb="response.return", hash="x")
    tasks.check_marks_again()
    assert states(attachment) == ["exact"]


def test_what_comes_back_or_is_adopted_is_checked_again(world: World) -> None:
    source = world.attach(response=world.contribution, by=world.coordinator)
    own = world.attach("E2=yes", content=pdf("b"))
    for one, by in ((source, world.coordinator), (own, world.secretary)):
        actions.save_mark(by=by, attachment=one, pages="1", quote=STANDS)
    mark = Mark.objects.get(attachment=own)
    removal = actions.delete_mark(by=world.secretary, mark=mark)
    assert removal is not None
    actions.remove_attachment(by=world.coordinator, attachment=source)
    read_as(source, "ไม่มีข้อความนั้น")
    read_as(own, TEXT)
    assert actions.restore_mark(by=world.secretary, attachment=own, removal=removal).state == "exact"
    actions.restore_attachment(by=world.coordinator, attachment=source)
    assert states(source) == ["missing"]
    Mark.objects.filter(attachment=source).update(state="")  # as before there was checking
    adopted = actions.adopt_evidence(
        by=world.secretary, attachment=source, response=world.response, address="E1=done"
    ).attachment
    assert states(adopted) == ["missing"]
    told = Event.objects.filter(verb="evidence.adopt").latest("pk").data["after"]["marks"]
    assert [one["state"] for one in told] == ["missing"]


def test_the_same_mark_does_not_come_back_beside_itself_in_another_state(world: World) -> None:
    attachment = world.attach()
    removal = actions.delete_mark(by=world.secretary, mark=world.mark(attachment, quote=STANDS))
    assert removal is not None
    read_as(attachment, TEXT)
    world.mark(attachment, quote=STANDS)
    with pytest.raises(EvidenceRefused):
        actions.restore_mark(by=world.secretary, attachment=attachment, removal=removal)


def test_removed_attachments_are_checked_too(world: World) -> None:
    attachment = world.attach()
    world.mark(attachment, quote=INVENTED)
    actions.remove_attachment(by=world.secretary, attachment=attachment)
    check_file(read_as(attachment, TEXT).pk)
    assert states(attachment) == ["missing"]
    assert faults() == []


def test_the_sweep_leaves_nothing_and_takes_little_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "CHECKED_FILES", 1)
    attached = [world.attach(content=pdf(text)) for text in "abc"]
    for one in attached:
        world.mark(one, quote=STANDS)
        read_as(one, TEXT)
    for left in (2, 1, 0, 0):
        tasks.check_unchecked_marks()
        assert Mark.objects.filter(state="").count() == left
    Mark.objects.update(state="missing")
    sent: list[Any] = []
    monkeypatch.setattr(tasks, "publish", lambda *message: sent.append(message))
    tasks.check_marks_again()
    while sent:
        tasks.check_marks_again(sent.pop()[1])
    assert set(Mark.objects.values_list("state", flat=True)) == {"exact"}
