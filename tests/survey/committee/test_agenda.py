"""The five parts of an agenda, and what a meeting resolves on those other than the answers."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from survey.committee.actions.amendments import amend_meeting
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.meetings import record_resolutions
from survey.committee.agenda import (
    AGENDA_TITLES,
    BUSINESS,
    AgendaPart,
    agenda_parts,
    business_part,
    usual_agenda,
    written_agenda,
)
from survey.models import Event, Meeting
from survey.verifying import verify
from survey.workflow.refusal import TransitionRefused
from tests.committee import endorsed, make_meeting
from tests.flow import Flow, text


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_usual_agenda_is_read_as_five_parts(language: str) -> None:
    with translation.override(language):
        parts = agenda_parts(usual_agenda())
        assert [(p.number, p.title, p.lines) for p in parts] == [
            (n, str(title), ()) for n, title in enumerate(AGENDA_TITLES, start=1)
        ]
        assert business_part(parts) == BUSINESS


def test_what_a_secretariat_writes_stands_in_its_part() -> None:
    parts = agenda_parts(
        "ระเบียบวาระที่ ๑ ประธานแจ้งเพื่อทราบ\n1.1 ผลการตรวจเยี่ยม ๒ แห่ง\n\n"
        "วาระที่ 3: เรื่องพิจารณาร่างคำตอบ\nร่างฉบับที่ 2\nวาระที่ 6 วาระลับ"
    )
    assert [p.number for p in parts] == [1, 2, 3, 4, 5, 6]
    assert parts[0] == AgendaPart(1, "ประธานแจ้งเพื่อทราบ", ("1.1 ผลการตรวจเยี่ยม ๒ แห่ง",))
    assert parts[1].title == str(AGENDA_TITLES[1])
    assert parts[2].lines == ("ร่างฉบับที่ 2",)
    assert business_part(parts) == 3
    assert parts[5].title == "วาระลับ"


def test_a_usual_title_is_in_the_readers_language_and_another_as_it_was_written() -> None:
    with translation.override("th"):
        written = usual_agenda().replace("เรื่องอื่น ๆ", "เรื่องนัดประชุมครั้งต่อไป")
    with translation.override("en"):
        titles = [part.title for part in agenda_parts(written)]
    assert titles[2] == "Matters arising"
    assert titles[4] == "เรื่องนัดประชุมครั้งต่อไป"


def test_lines_without_a_heading_are_business_unless_they_are_numbered() -> None:
    parts = agenda_parts("พิจารณาคำตอบร่าง\n5.1 นัดครั้งต่อไป\n9.9 เกินห้าวาระ")
    assert parts[BUSINESS - 1].lines == ("พิจารณาคำตอบร่าง", "9.9 เกินห้าวาระ")
    assert parts[4].lines == ("5.1 นัดครั้งต่อไป",)
    assert [p.lines for p in agenda_parts("")] == [()] * 5


def test_parts_are_written_so_that_they_are_read_again() -> None:
    parts = [
        AgendaPart(1, "", ("รับทราบ", "วาระที่ 5 เลื่อนไป", "4.2 เพิ่มเติม")),
        AgendaPart(2, ""),
        AgendaPart(5, "", ("ไม่มี",)),
    ]
    read = {p.number: p.lines for p in agenda_parts(written_agenda(parts)) if p.lines}
    assert read == {1: ("รับทราบ", "– วาระที่ 5 เลื่อนไป", "4.2 เพิ่มเติม"), 5: ("ไม่มี",)}


def test_resolutions_on_the_other_parts_are_kept_shown_and_proved(flow: Flow, client: Client) -> None:
    meeting = make_meeting(flow.secretariat, flow.round, agenda=usual_agenda())
    args = [flow.province.code, flow.round.year, meeting.pk]
    url = reverse("survey:meeting-resolutions", args=args)
    client.force_login(flow.secretariat)
    page = text(client.get(url))
    assert 'name="item-1"' in page
    assert f'name="item-{BUSINESS}"' not in page
    given = {"item-1": "ที่ประชุมรับทราบ\r\n\r\nและมอบสำนักงานจังหวัด", "item-2": "รับรองโดยไม่แก้ไข", "item-5": " ", "keep": "1"}
    assert client.post(url, given).status_code == 302
    kept = Meeting.objects.get().proceedings
    assert kept == "ระเบียบวาระที่ 1\nที่ประชุมรับทราบ\nและมอบสำนักงานจังหวัด\nระเบียบวาระที่ 2\nรับรองโดยไม่แก้ไข"
    assert "รับรองโดยไม่แก้ไข</textarea>" in text(client.get(url))
    assert client.post(url, {"keep": "1"}).status_code == 302  # a page without them takes nothing away
    assert Meeting.objects.get().proceedings == kept
    assert client.post(url, given).status_code == 302
    assert Event.objects.filter(verb="meeting.change").count() == 1
    assert "รับรองโดยไม่แก้ไข" in text(client.get(reverse("survey:meeting", args=args)))
    assert "มติของวาระอื่น" in text(client.get(reverse("survey:journal", args=[flow.response.pk])))
    assert verify.verify_journal().ok
    long = {f"item-{n}": "ก" * 900 + f" จบ{n}" for n in (1, 2, 3, 5)}
    assert client.post(url, {**long, "keep": "1"}).status_code == 302
    assert all(f"จบ{n}" in Meeting.objects.get().proceedings for n in (1, 2, 3, 5))
    Meeting.objects.update(proceedings="อื่น")
    assert not verify.verify_journal().ok


def test_after_the_conclusion_they_are_amended_with_a_reason(flow: Flow) -> None:
    by = flow.secretariat
    meeting = endorsed(by, flow.round)
    with pytest.raises(TransitionRefused):
        record_resolutions(by=by, meeting=meeting, decided={}, proceedings="ระเบียบวาระที่ 1\nรับทราบ")
    amend_meeting(
        by=by, meeting=meeting, subject="meeting", values={"proceedings": "ระเบียบวาระที่ 1\nรับทราบ"}, reason="จดตกไป"
    )
    assert Meeting.objects.get().proceedings == ""
    assert verify.verify_journal().ok
    with pytest.raises(TransitionRefused):
        conclude_meeting(by=by, meeting=meeting)
