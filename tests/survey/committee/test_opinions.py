"""Members' own opinions: written by themselves only, until the conclusion; read by the secretariat."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.actions import NotAllowed
from accounts.models import User
from accounts.roles import Role
from survey.committee.actions.conclusion import conclude_meeting
from survey.committee.actions.meetings import record_resolutions
from survey.committee.actions.opinions import GivenOpinion, record_opinions
from survey.committee.opinions import WHOLE, meeting_opinions
from survey.committee.queries import sub_pillars_to_decide
from survey.models import Event, Meeting, Opinion, Response
from survey.verifying import verify
from survey.workflow.refusal import TransitionRefused
from tests.committee import decide, make_meeting, make_order, seat_of
from tests.flow import Flow, text


@pytest.fixture
def member(flow: Flow) -> User:
    """A member of the committee by the register."""
    order = make_order(flow.secretariat, flow.province)
    seat_of(flow.secretariat, order, flow.who(Role.COMMITTEE), "คลังจังหวัดเอ")
    return flow.who(Role.COMMITTEE)


def say(by: User, meeting: Meeting, **said: GivenOpinion) -> int:
    """Opinions by sub-pillar, `whole` for the whole answer."""
    named = {"" if key == "whole" else key[1:].replace("_", "."): one for key, one in said.items()}
    return record_opinions(by=by, meeting=meeting, opinions=named)


def test_a_member_says_changes_and_takes_back_their_own(flow: Flow, member: User) -> None:
    meeting = make_meeting(flow.secretariat, flow.round, days=3)
    code = sub_pillars_to_decide(flow.round)[0]
    given = {WHOLE: GivenOpinion("agree"), code: GivenOpinion("disagree", " ตัวเลข\u200bไม่ตรง ")}
    assert record_opinions(by=member, meeting=meeting, opinions=given) == 2
    assert record_opinions(by=member, meeting=meeting, opinions=given) == 0
    said = meeting_opinions(meeting)
    assert [(o.member, o.stance, o.remark) for o in said[code]] == [("คลังจังหวัดเอ", "disagree", "ตัวเลขไม่ตรง")]
    assert record_opinions(by=member, meeting=meeting, opinions={WHOLE: GivenOpinion(), code: GivenOpinion("agree")})
    assert {code: row[0].stance for code, row in meeting_opinions(meeting).items()} == {code: "agree"}
    events = Event.objects.filter(verb="meeting.opinion").order_by("seq")
    assert [e.by for e in events] == [member, member]
    assert events[1].data["opinions"] == {
        "before": {"": ["agree", ""], code: ["disagree", "ตัวเลขไม่ตรง"]},
        "after": {code: ["agree", ""]},
    }
    assert verify.verify_journal().ok


def test_nobody_speaks_for_a_member(flow: Flow, member: User) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    for _label, user in flow.people.everyone():
        if user != member:
            with pytest.raises(NotAllowed):
                say(user, meeting, whole=GivenOpinion("agree"))
    assert not Opinion.objects.exists()
    say(member, meeting, whole=GivenOpinion("agree"))
    assert Opinion.objects.get().by == member


def test_what_is_refused(flow: Flow, member: User) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    with pytest.raises(TransitionRefused, match="เขียนข้อสังเกตของ ทั้งฉบับ"):
        say(member, meeting, whole=GivenOpinion("remark", "  "))
    with pytest.raises(LookupError):
        say(member, meeting, s9_9=GivenOpinion("agree"))
    with pytest.raises(ValueError, match="maybe"):
        say(member, meeting, whole=GivenOpinion("maybe"))
    decide(flow.secretariat, meeting)
    conclude_meeting(by=flow.secretariat, meeting=meeting)
    with pytest.raises(TransitionRefused, match="เสร็จแล้ว"):
        say(member, meeting, whole=GivenOpinion("agree"))
    assert not Opinion.objects.exists()


def test_an_opinion_does_not_stop_the_secretary(flow: Flow, member: User) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    decide(flow.secretariat, meeting)
    seen = Response.objects.get(pk=flow.response.pk).version
    say(member, meeting, whole=GivenOpinion("agree"))
    seen = record_resolutions(by=flow.secretariat, meeting=meeting, decided={}, seen=seen)
    say(member, meeting, whole=GivenOpinion("remark", "เพิ่มเอกสาร"))
    conclude_meeting(by=flow.secretariat, meeting=meeting, seen=seen)
    assert Meeting.objects.get().outcome == "endorsed"


def test_written_on_a_page_and_read_by_the_secretariat(flow: Flow, member: User, client: Client) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    code = sub_pillars_to_decide(flow.round)[0]
    args = [flow.province.code, flow.round.year, meeting.pk]

    def visit(user: User, data: dict[str, Any] | None = None) -> HttpResponse:
        client.force_login(user)
        url = reverse("survey:meeting-opinions", args=args)
        return client.get(url) if data is None else client.post(url, data)

    client.force_login(member)
    assert reverse("survey:meeting-opinions", args=args) in text(client.get(reverse("survey:meeting", args=args)))
    assert "คลังจังหวัดเอ" in text(visit(member))
    silent = visit(member, {f"stance-{code}": "disagree", f"remark-{code}": ""})
    assert silent.status_code == 422
    assert f'id="stance-{code}-disagree"' in text(silent)
    assert (
        visit(member, {"stance-whole": "agree", f"stance-{code}": "remark", f"remark-{code}": "ขอเอกสาร"}).status_code
        == 302
    )
    assert Opinion.objects.count() == 2
    for reader in (flow.governor, flow.who(Role.PROVINCE_ADMIN)):
        page = text(visit(reader))
        assert "ขอเอกสาร" not in page
        assert "ไม่ได้อยู่ในทะเบียนคณะกรรมการ" in page
        assert visit(reader, {"stance-whole": "agree"}).status_code == 403
    for name in ("meeting-opinions", "meeting-resolutions", "meeting-conclude"):
        client.force_login(flow.secretariat)
        page = text(client.get(reverse(f"survey:{name}", args=args)))
        assert "ขอเอกสาร" in page, name
        assert "คลังจังหวัดเอ" in page
    decide(flow.secretariat, meeting)
    conclude_meeting(by=flow.secretariat, meeting=meeting)
    assert "ขอเอกสาร" in text(visit(flow.governor))  # the minutes are everybody's who reads the answer
