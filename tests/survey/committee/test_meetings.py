"""The committee's meetings: on record, who came, what was decided, what may be added afterwards; and their pages."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.actions import NotAllowed
from accounts.models import User
from accounts.roles import Role
from reports.models import Job, ReportKind
from survey.committee.actions import meetings
from survey.committee.actions.attendance import Guest, record_attendance
from survey.committee.actions.conclusion import conclude_meeting, extend_late_additions
from survey.committee.actions.meetings import SubPillarDecision
from survey.committee.attendance import Seat
from survey.committee.queries import sub_pillars_to_decide
from survey.models import Attendance, Comment, Event, Meeting, Notice, Resolution, Response
from survey.verifying import verify
from survey.workflow.refusal import TransitionRefused
from tests.committee import D, at, attend, decide, endorsed, make_meeting, today
from tests.flow import Flow, text

QUERIES = 10
S = Response.State
Visit = Callable[..., HttpResponse]


@pytest.fixture
def visit(flow: Flow, client: Client) -> Visit:
    """visit(user, "meeting", meeting) → the page; with `data` a POST."""

    def visited(
        user: User, name: str, meeting: Meeting | None = None, data: Mapping[str, Any] | None = None
    ) -> HttpResponse:
        client.force_login(user)
        args = [flow.province.code, flow.round.year, *([meeting.pk] if meeting else [])]
        url = reverse(f"survey:{name}", args=args)
        return client.get(url) if data is None else client.post(url, data)

    return visited


def fresh(flow: Flow) -> Response:
    return Response.objects.get(pk=flow.response.pk)


def field(code: str) -> str:
    """The name of a sub-pillar in tests.committee.decide."""
    return f"s{code.replace('.', '_')}"


# -- the record -------------------------------------------------------------------------------------


def test_a_meeting_is_recorded_changed_and_called_off(flow: Flow) -> None:
    meeting = make_meeting(flow.secretariat, flow.round, days=3, agenda="1. เปิด\n2. พิจารณา")
    meetings.change_meeting(by=flow.secretariat, meeting=meeting, fields={"place": "ห้องประชุมใหญ่", "held_at": at(4, 13)})
    meetings.change_meeting(by=flow.secretariat, meeting=meeting, fields={"place": "ห้องประชุมใหญ่"})
    stored = Meeting.objects.get()
    assert (stored.place, stored.held_at, stored.agenda) == ("ห้องประชุมใหญ่", at(4, 13), "1. เปิด\n2. พิจารณา")
    change = Event.objects.get(verb="meeting.change")
    assert change.data["before"]["place"] == "ศาลากลางจังหวัด"
    assert set(change.data["after"]) == {"place", "held_at"}
    told = Notice.objects.filter(kind="meeting").values_list("user", flat=True)
    assert {flow.who(r).pk for r in (Role.COMMITTEE, Role.GOVERNOR)} <= set(told)
    assert flow.secretariat.pk not in told  # who did it knows
    meetings.cancel_meeting(by=flow.secretariat, meeting=meeting)
    assert not Meeting.objects.exists()
    assert Meeting.every.get().cancelled_by == flow.secretariat  # kept, and counted nowhere
    off = Notice.objects.get(kind="meeting.cancel", user=flow.governor)
    assert off.data == {"day": today(4).isoformat()}
    with pytest.raises(TransitionRefused, match="ถูกยกเลิกแล้ว"):
        meetings.cancel_meeting(by=flow.secretariat, meeting=meeting)
    assert verify.verify_journal().ok


ACTS: dict[str, Callable[[User, Meeting], object]] = {
    "record": lambda by, m: meetings.record_meeting(by=by, round_=m.round, fields={"held_at": at()}),
    "change": lambda by, m: meetings.change_meeting(by=by, meeting=m, fields={"place": "x"}),
    "cancel": lambda by, m: meetings.cancel_meeting(by=by, meeting=m),
    "attend": lambda by, m: record_attendance(by=by, meeting=m, seats=[Seat("ประธาน", presence="came")]),
    "resolve": lambda by, m: meetings.record_resolutions(by=by, meeting=m, decided={}),
    "conclude": lambda by, m: conclude_meeting(by=by, meeting=m),
    "prolong": lambda by, m: extend_late_additions(by=by, meeting=m, late_until=today(2)),
}


@pytest.mark.parametrize("name", ACTS)
def test_only_the_secretariat_of_the_province_keeps_the_record(name: str, flow: Flow) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    decide(flow.secretariat, meeting)
    if name == "prolong":
        conclude_meeting(by=flow.secretariat, meeting=meeting, late_until=today(1))
    before = fresh(flow).version
    for _label, user in flow.people.everyone():
        if user != flow.secretariat:
            with pytest.raises(NotAllowed):
                ACTS[name](user, meeting)
    assert fresh(flow).version == before
    ACTS[name](flow.secretariat, meeting)
    assert fresh(flow).version > before


@pytest.mark.parametrize("name", ["change", "cancel", "attend", "resolve", "conclude"])
def test_a_concluded_meeting_stays_as_it_is(name: str, flow: Flow) -> None:
    meeting = endorsed(flow.secretariat, flow.round)
    with pytest.raises(TransitionRefused, match=flow.secretariat.get_full_name()):
        ACTS[name](flow.secretariat, meeting)


def test_no_meeting_after_the_round_or_before_the_governor(flow: Flow) -> None:
    flow.submit()
    with pytest.raises(TransitionRefused, match="เสนอผู้ว่าราชการจังหวัดแล้ว"):
        make_meeting(flow.secretariat, flow.round)
    flow.close()
    with pytest.raises(TransitionRefused, match="ปิดรอบแล้ว"):
        make_meeting(flow.secretariat, flow.round)


def test_attendance_is_kept_by_position(flow: Flow) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    seats = [
        Seat("ผู้ว่าราชการจังหวัด", presence="came", reason="ลืมลบ"),
        Seat("  หัวหน้า   สำนักงานจังหวัด ", presence="represented", substitute_name="ผู้แทน", substitute_post="นักวิชาการ"),
        Seat("สถิติจังหวัด", presence="absent", reason="ติดราชการ", substitute_name="ลืมลบ"),
        Seat("คลังจังหวัด"),
        Seat(" ", presence="came"),
    ]
    guests = [Guest("ผู้สังเกตการณ์", "สพร."), Guest("  ")]
    assert record_attendance(by=flow.secretariat, meeting=meeting, seats=seats, guests=guests) == 4
    rows = Attendance.objects.values_list("position", "present", "represented", "substitute_name", "reason")
    assert list(rows) == [
        ("ผู้ว่าราชการจังหวัด", True, False, "", ""),
        ("หัวหน้า สำนักงานจังหวัด", False, True, "ผู้แทน", ""),
        ("สถิติจังหวัด", False, False, "", "ติดราชการ"),
        ("คลังจังหวัด", None, False, "", ""),
    ]
    assert [row.presence for row in Attendance.objects.all()] == ["came", "represented", "absent", ""]
    assert Meeting.objects.get().guests == [["ผู้สังเกตการณ์", "สพร."]]
    event = Event.objects.get(verb="meeting.attendance").data
    assert event["seats"][1]["substitute_post"] == "นักวิชาการ"
    assert (event["count"], event["present"], event["guests"]) == (4, 1, [["ผู้สังเกตการณ์", "สพร."]])
    record_attendance(by=flow.secretariat, meeting=meeting, seats=[Seat("ประธาน", presence="came")])
    assert [a.position for a in meeting.attendance.all()] == ["ประธาน"]
    assert Meeting.objects.get().guests == []


# -- resolutions ------------------------------------------------------------------------------------


def test_endorsement_is_a_state_of_its_own(flow: Flow) -> None:
    meeting = endorsed(flow.secretariat, flow.round, today(1))
    row = fresh(flow)
    assert (row.state, row.late_until) == (S.ENDORSED, today(1))
    assert (meeting.outcome, meeting.concluded_by) == ("endorsed", flow.secretariat)
    event = Event.objects.get(verb="response.endorse")
    assert event.data["meeting"] == meeting.pk
    assert set(event.data["resolutions"]) == set(sub_pillars_to_decide(flow.round))
    told = Notice.objects.filter(kind="meeting.endorsed").values_list("user", flat=True)
    assert {flow.who(r).pk for r in (Role.COMMITTEE, Role.GOVERNOR)} <= set(told)
    assert flow.secretariat.pk not in told  # who did it knows
    assert verify.verify_journal().ok


def test_endorsed_with_changes_says_what_to_change(flow: Flow) -> None:
    code = sub_pillars_to_decide(flow.round)[0]
    meeting = make_meeting(flow.secretariat, flow.round)
    decide(flow.secretariat, meeting, **{field(code): SubPillarDecision(D.CHANGES, "เพิ่มแผนปี 2570")})
    conclude_meeting(by=flow.secretariat, meeting=meeting, late_until=today(1))
    assert fresh(flow).state == S.ENDORSED
    comment = Comment.objects.get()
    assert "เพิ่มแผนปี 2570" in comment.text
    assert code in comment.text
    assert comment.question is not None


def test_one_sub_pillar_returned_returns_the_whole(flow: Flow) -> None:
    code = sub_pillars_to_decide(flow.round)[-1]
    meeting = make_meeting(flow.secretariat, flow.round)
    decide(flow.secretariat, meeting, **{field(code): SubPillarDecision(D.RETURN, "ตัวเลขไม่ตรง")})
    conclude_meeting(by=flow.secretariat, meeting=meeting, late_until=today(1))
    row = fresh(flow)
    assert (row.state, row.late_until) == (S.RETURNED, None)
    assert (meeting.outcome, meeting.late_until) == ("returned", None)
    assert "ตัวเลขไม่ตรง" in Comment.objects.get().text
    assert Event.objects.filter(verb="response.remand").count() == 1
    assert not Event.objects.filter(verb="response.endorse").exists()


@pytest.mark.parametrize("case", ["missing", "silent", "ahead", "late-before", "late-after"])
def test_what_keeps_a_meeting_from_being_concluded(case: str, flow: Flow) -> None:
    meeting = make_meeting(flow.secretariat, flow.round, days=2 if case == "ahead" else 0)
    first, *_others = sub_pillars_to_decide(flow.round)
    if case == "missing":
        meetings.record_resolutions(by=flow.secretariat, meeting=meeting, decided={first: SubPillarDecision(D.ENDORSE)})
        attend(flow.secretariat, meeting)
    elif case == "silent":
        decide(flow.secretariat, meeting, **{field(first): SubPillarDecision(D.CHANGES, "  ")})
    else:
        decide(flow.secretariat, meeting)
    late = {"late-before": today(-1), "late-after": today(21)}.get(case)
    words = {"missing": "ยังไม่มีมติของ", "silent": f"ระบุสิ่งที่ให้แก้ไขของ {first}", "ahead": "ยังไม่ถึงวันประชุม"}
    with pytest.raises(TransitionRefused, match=words.get(case, "วันสุดท้ายที่เพิ่มเติมได้")) as caught:
        conclude_meeting(by=flow.secretariat, meeting=meeting, late_until=late)
    assert caught.value.reason == "guard"
    assert fresh(flow).state == S.DRAFT
    assert Meeting.objects.get().concluded_at is None


def test_an_unknown_sub_pillar_or_decision_writes_nothing(flow: Flow) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    for given in (
        {"9.9": SubPillarDecision(D.ENDORSE)},
        {sub_pillars_to_decide(flow.round)[0]: SubPillarDecision("maybe")},
    ):
        with pytest.raises((LookupError, ValueError)):
            meetings.record_resolutions(by=flow.secretariat, meeting=meeting, decided=given)
    assert not Resolution.objects.exists()


def test_an_answer_that_changed_since_is_not_endorsed_unseen(flow: Flow) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    decide(flow.secretariat, meeting)
    seen = fresh(flow).version
    flow.save("T8", {"T8": "no"})
    with pytest.raises(TransitionRefused) as caught:
        conclude_meeting(by=flow.secretariat, meeting=meeting, seen=seen)
    assert caught.value.reason == "changed"
    assert Meeting.objects.get().concluded_at is None


def test_the_page_says_so_when_the_answer_changed_since_it_was_opened(flow: Flow, visit: Visit) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    decide(flow.secretariat, meeting)
    opened = text(visit(flow.secretariat, "meeting-resolutions", meeting))
    assert f'name="version" value="{fresh(flow).version}"' in opened
    whole = {f"decision-{code}": "endorse" for code in sub_pillars_to_decide(flow.round)}
    data = {**whole, "conclude": "1", "version": str(fresh(flow).version)}
    flow.save("T8", {"T8": "no"})
    stale = visit(flow.secretariat, "meeting-resolutions", meeting, data=data)
    assert stale.status_code == 409
    assert "คำตอบเปลี่ยนไปหลังจากท่านเปิดหน้านี้" in text(stale)
    data["version"] = str(fresh(flow).version)
    led = visit(flow.secretariat, "meeting-resolutions", meeting, data=data)
    seen = led["Location"].partition("?version=")[2]
    assert seen == str(fresh(flow).version)
    assert Meeting.objects.get().concluded_at is None  # the next page asks
    flow.save("T8", {"T8": "yes"})
    conclude = {"late_until": today(1).isoformat(), "version": seen}
    assert visit(flow.secretariat, "meeting-conclude", meeting, data=conclude).status_code == 409
    conclude["version"] = str(fresh(flow).version)
    assert visit(flow.secretariat, "meeting-conclude", meeting, data=conclude).status_code == 302
    assert fresh(flow).state == S.ENDORSED


def test_the_last_day_is_moved_while_the_endorsement_stands(flow: Flow) -> None:
    meeting = endorsed(flow.secretariat, flow.round, today(1))
    extend_late_additions(by=flow.secretariat, meeting=meeting, late_until=today(3))
    assert fresh(flow).late_until == Meeting.objects.get().late_until == today(3)
    event = Event.objects.get(verb="meeting.late")
    assert (event.data["before"], event.data["after"]) == (
        {"late_until": today(1).isoformat()},
        {"late_until": today(3).isoformat()},
    )
    with pytest.raises(TransitionRefused):
        extend_late_additions(by=flow.secretariat, meeting=meeting, late_until=today(90))
    second = make_meeting(flow.secretariat, flow.round, number="2")
    with pytest.raises(TransitionRefused):
        extend_late_additions(by=flow.secretariat, meeting=second, late_until=today(2))
    assert verify.verify_journal().ok


# -- pages ------------------------------------------------------------------------------------------


def test_a_meeting_from_the_first_page_to_the_last(flow: Flow, visit: Visit) -> None:
    by = flow.secretariat
    given = {"number": "1/2570", "day": today().isoformat(), "time": "00:00", "place": "ศาลากลาง", "agenda": "พิจารณา"}
    assert visit(by, "meeting-new", data={**given, "day": ""}).status_code == 422
    assert visit(by, "meeting-new", data=given).status_code == 302
    meeting = Meeting.objects.get()
    assert timezone.localtime(meeting.held_at).hour == 0
    assert visit(by, "meeting-edit", meeting, data={**given, "place": "หอประชุม"}).status_code == 302
    assert " checked" not in text(visit(by, "meeting-attendance", meeting))  # nothing is chosen beforehand
    seats = {"position-0": "ผู้ว่าราชการจังหวัด", "came-0": "came", "position-1": "สถิติจังหวัด", "came-1": "represented"}
    more = visit(by, "meeting-attendance", meeting, data={**seats, "more": "1"})
    assert more.status_code == 200
    assert "สถิติจังหวัด" in text(more)
    assert not Attendance.objects.exists()
    assert visit(by, "meeting-attendance", meeting, data=seats).status_code == 302
    first, *others = sub_pillars_to_decide(flow.round)
    decided = {f"decision-{first}": "changes", f"note-{first}": "เพิ่มเอกสาร", f"decision-{others[0]}": "endorse"}
    assert visit(by, "meeting-resolutions", meeting, data={**decided, "keep": "1"}).status_code == 302
    assert Resolution.objects.count() == 2
    asked = text(visit(by, "meeting-conclude", meeting))
    assert "ยังไม่มีมติของ" in asked
    assert "ระบุว่าใครมาประชุมแทน สถิติจังหวัด" in asked
    refused = visit(by, "meeting-conclude", meeting, data={"late_until": today(1).isoformat()})
    assert refused.status_code == 422
    assert fresh(flow).state == S.DRAFT
    came = {**seats, "substitute_name-1": "ผู้แทนหนึ่ง", "substitute_office-1": "สำนักงานสถิติ", "guest-0": "ผู้สังเกตการณ์"}
    assert visit(by, "meeting-attendance", meeting, data=came).status_code == 302
    assert visit(by, "meeting-resolutions", meeting, data={**decided, "rest": "1"}).status_code == 302
    shown = text(visit(by, "meeting-conclude", meeting))
    for words in ("เพิ่มเอกสาร", "ผู้มาประชุม 2 คน", "ผู้เข้าร่วม 1 คน", "เห็นชอบโดยให้แก้ไข 1"):
        assert words in shown
    done = {"late_until": today(1).isoformat(), "version": str(fresh(flow).version)}
    assert visit(by, "meeting-conclude", meeting, data=done).status_code == 302
    assert fresh(flow).state == S.ENDORSED
    _assert_meeting_page(flow, visit, meeting)
    assert visit(by, "meeting-resolutions", meeting, data=decided).status_code == 409
    assert visit(by, "meeting-conclude", meeting, data=done).status_code == 409
    assert visit(by, "meeting-cancel", meeting, data={}).status_code == 409


def _assert_meeting_page(flow: Flow, visit: Visit, meeting: Meeting) -> None:
    """What a member reads of a concluded meeting, without the forms of the secretariat."""
    page = text(visit(flow.who(Role.COMMITTEE), "meeting", meeting))
    told = ("หอประชุม", "สถิติจังหวัด", "ผู้แทนหนึ่ง สำนักงานสถิติ", "ผู้สังเกตการณ์", "เห็นชอบโดยให้แก้ไข", "เพิ่มเอกสาร")
    for words in (*told, flow.secretariat.get_full_name()):
        assert words in page
    assert reverse("survey:meeting-resolutions", args=[flow.province.code, flow.round.year, meeting.pk]) not in page


def test_what_came_after_the_endorsement_is_on_the_page(flow: Flow, visit: Visit) -> None:
    meeting = endorsed(flow.secretariat, flow.round, today(1))
    flow.save("T8", {"T8": "no"})
    page = text(visit(flow.who(Role.COMMITTEE), "meeting", meeting))
    assert reverse("survey:history", args=[flow.response.pk, "T8"]) in page
    assert "meeting-late" not in page
    moved = visit(flow.secretariat, "meeting-late", meeting, data={"late_until": today(2).isoformat()})
    assert moved.status_code == 302
    for wrong in ("", "x", today(90).isoformat()):
        assert visit(flow.secretariat, "meeting-late", meeting, data={"late_until": wrong}).status_code == 422
    assert fresh(flow).late_until == today(2)


def test_the_paper_is_started_from_the_page(flow: Flow, visit: Visit, eager: None) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    started = visit(flow.who(Role.COMMITTEE), "meeting-paper", meeting, data={})
    job = Job.objects.get()
    assert started["Location"] == reverse("reports:job", args=[job.public_id])
    assert (job.kind, job.params) == (ReportKind.COMMITTEE, {"meeting": meeting.pk})


def test_a_meeting_of_another_round_is_not_there(flow: Flow, visit: Visit) -> None:
    meeting = make_meeting(flow.secretariat, flow.round)
    for user in (flow.people.who(Role.SECRETARIAT, "b"), flow.who(Role.COORDINATOR), flow.people.nobody):
        assert visit(user, "meeting", meeting).status_code in (403, 404)
        assert visit(user, "meeting-cancel", meeting, data={}).status_code in (403, 404)
    assert Meeting.objects.exists()
