"""A concluded meeting is corrected by amendments with a reason; what was recorded stays."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import NotAllowed
from accounts.roles import Role
from survey.committee.actions.amendments import amend_meeting
from survey.committee.amending import amendable_subjects, meeting_amendments
from survey.committee.queries import sub_pillars_to_decide
from survey.models import Amendment, Attendance, Comment, Event, Meeting, Resolution, Response
from survey.verifying import verify
from survey.workflow.refusal import TransitionRefused
from tests.committee import endorsed, make_meeting
from tests.flow import Flow, text


@pytest.fixture
def meeting(flow: Flow) -> Meeting:
    return endorsed(flow.secretariat, flow.round)


def amend(flow: Flow, meeting: Meeting, subject: str, values: dict[str, Any], reason: str = "จดผิด") -> Amendment:
    return amend_meeting(by=flow.secretariat, meeting=meeting, subject=subject, values=values, reason=reason)


def test_the_record_stays_and_the_amendment_stands_beside_it(flow: Flow, meeting: Meeting) -> None:
    row = Attendance.objects.get(position="สถิติจังหวัด")
    made = amend(flow, meeting, f"seat-{row.pk}", {"presence": "absent", "reason": "ป่วย", "substitute_name": "x"})
    assert (made.before, made.after) == ({"presence": "came", "reason": ""}, {"presence": "absent", "reason": "ป่วย"})
    row.refresh_from_db()
    assert row.presence == "came"
    event = Event.objects.get(verb="meeting.amend")
    assert (event.by, event.data["reason"], event.data["after"]) == (flow.secretariat, "จดผิด", made.after)
    again = amend(flow, meeting, f"seat-{row.pk}", {"presence": "came"}, "ตรวจแล้วมาจริง")
    assert again.before == {"presence": "absent", "reason": "ป่วย"}  # on top of the amendment before
    assert [a.reason for a in meeting_amendments(meeting)] == ["จดผิด", "ตรวจแล้วมาจริง"]
    assert verify.verify_journal().ok


def test_meeting_guests_and_resolutions_can_be_amended(flow: Flow, meeting: Meeting) -> None:
    code = sub_pillars_to_decide(flow.round)[0]
    amend(flow, meeting, "meeting", {"place": "ห้องประชุมใหญ่", "number": "1"})
    amend(flow, meeting, "guests", {"guests": [["ผู้สังเกตการณ์", "สพร."], ["", ""]]})
    amend(flow, meeting, f"decision-{code}", {"decision": "changes", "note": "เพิ่มแผน"})
    found = amendable_subjects(meeting, meeting_amendments(meeting))
    assert found["meeting"].values["place"] == "ห้องประชุมใหญ่"
    assert found["guests"].values["guests"] == [["ผู้สังเกตการณ์", "สพร."]]
    assert found[f"decision-{code}"].values == {"decision": "changes", "note": "เพิ่มแผน"}
    stored = Meeting.objects.get()
    assert (stored.place, stored.guests) == ("ศาลากลางจังหวัด", [])
    assert Resolution.objects.get(meeting=meeting, sub_pillar__code=code).decision == "endorse"
    assert "เพิ่มแผน" in Comment.objects.get().text  # what is to be changed is asked for, as at the conclusion
    assert Response.objects.get(pk=flow.response.pk).state == "endorsed"


def test_what_is_refused(flow: Flow, meeting: Meeting) -> None:
    code = sub_pillars_to_decide(flow.round)[0]
    seat = f"seat-{Attendance.objects.all()[0].pk}"
    for subject, values, reason, words in (
        ("meeting", {"place": "x"}, "  ", "ระบุเหตุผล"),
        ("meeting", {"place": "ศาลากลางจังหวัด"}, "ก", "ยังไม่มีอะไรเปลี่ยน"),
        (seat, {"presence": ""}, "ก", "เลือกว่ามาประชุมหรือไม่"),
        (f"decision-{code}", {"decision": "return", "note": "x"}, "ก", "ต้องประชุมใหม่"),
        (f"decision-{code}", {"decision": "changes", "note": ""}, "ก", "ระบุสิ่งที่ให้แก้ไข"),
    ):
        with pytest.raises(TransitionRefused, match=words):
            amend(flow, meeting, subject, values, reason)
    with pytest.raises(LookupError):
        amend(flow, meeting, "seat-0", {"presence": "came"})
    second = make_meeting(flow.secretariat, flow.round)
    with pytest.raises(TransitionRefused, match="ยังไม่สรุปมติ"):
        amend(flow, second, "meeting", {"place": "x"})
    for _label, user in flow.people.everyone():
        if user != flow.secretariat:
            with pytest.raises(NotAllowed):
                amend_meeting(by=user, meeting=meeting, subject="meeting", values={"place": "x"}, reason="ก")
    assert not Amendment.objects.exists()


def test_amended_on_pages_and_shown_to_readers(flow: Flow, meeting: Meeting, client: Client) -> None:
    args = [flow.province.code, flow.round.year, meeting.pk]
    client.force_login(flow.secretariat)
    listing = text(client.get(reverse("survey:meeting-amend", args=args)))
    code = sub_pillars_to_decide(flow.round)[0]
    row = Attendance.objects.get(position="ปลัดจังหวัด")
    posts: dict[str, dict[str, str]] = {
        "meeting": {"number": "2", "day": "2026-01-05", "time": "13:30", "place": "ห้องเล็ก", "agenda": "พิจารณาคำตอบ"},
        "guests": {"guests": "ผู้สังเกตการณ์, สพร.\nนักข่าว"},
        f"seat-{row.pk}": {"presence": "represented", "substitute_name": "รองปลัด", "substitute_post": "ป้องกันจังหวัด"},
        f"decision-{code}": {"decision": "changes", "note": "เพิ่มแผนปี 2570"},
    }
    for subject, data in posts.items():
        url = reverse("survey:meeting-amend-subject", args=[*args, subject])
        assert url in listing
        assert client.get(url).status_code == 200
        assert client.post(url, data).status_code == 422, subject  # without a reason
        assert client.post(url, {**data, "why": f"เหตุ {subject}"}).status_code == 302, subject
    assert client.get(reverse("survey:meeting-amend-subject", args=[*args, "seat-0"])).status_code == 404
    client.force_login(flow.who(Role.COMMITTEE))
    page = text(client.get(reverse("survey:meeting", args=args)))
    for words in ("ศาลากลางจังหวัด", "ห้องเล็ก", "ผู้สังเกตการณ์ สพร.; นักข่าว", "รองปลัด", "เพิ่มแผนปี 2570", "เหตุ guests"):
        assert words in page, words
    assert reverse("survey:meeting-amend", args=args) not in page
    client.force_login(flow.secretariat)
    journal = text(client.get(reverse("survey:journal", args=[flow.response.pk])))
    assert "แก้ไขรายงานการประชุมที่สรุปแล้ว" in journal
    assert "เหตุผล: เหตุ guests" in journal
