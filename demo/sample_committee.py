"""The sample province's committee: its register, a meeting ahead, and what a member thinks of the draft."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from django.utils import timezone

from accounts.models import Agency, Province
from accounts.roles import Role
from demo.sample_file import PrintLine, SampleData
from demo.sample_users import user_with_role
from survey.committee.actions import register
from survey.committee.actions.meetings import record_meeting
from survey.committee.actions.opinions import GivenOpinion, record_opinions
from survey.committee.agenda import usual_agenda
from survey.committee.opinions import WHOLE
from survey.committee.queries import sub_pillars_to_decide
from survey.committee.titles import ProposedMember, propose_members
from survey.models import CommitteeOrder, Meeting, Round

MEETING_HOUR: Final = time(9, 30)
PLACE: Final = "ห้องประชุมตัวอย่าง ศาลากลางจังหวัด"
WHOLE_REMARK: Final = "ตัวอย่าง: ขอให้ตรวจหลักฐานที่ยังขาดก่อนเสนอผู้ว่าราชการจังหวัด"
SUB_PILLAR_REMARK: Final = "ตัวอย่าง: ขอให้ใช้ตัวเลขของปีงบประมาณล่าสุด"


def ensure_register(province: Province, data: SampleData, print_line: PrintLine) -> None:
    """The order that appoints the sample committee, with its members; an existing register is left as it is."""
    if CommitteeOrder.objects.filter(province=province).exists():
        return
    row = data["committee"]
    by = user_with_role(data, Role.SECRETARIAT)
    fields = {key: row[key] for key in ("number", "signed_on", "starts_on", "quorum")}
    fields["powers"] = "\n".join(row["powers"])
    order = register.create_order(by=by, province=province, fields=fields)
    seen = [r["code"] for r in data["agencies"] if r["seen_in"] == "committee"]
    by_code = {agency.code: agency for agency in Agency.objects.filter(province=province, code__in=seen)}
    chair, *others = propose_members(province.chief_post, [by_code[code].name_th for code in seen])
    deputy = ProposedMember("vice_chair", f"รองผู้ว่าราชการจังหวัด{province.name_th}")
    staff = [ProposedMember(one["seat"], one["post"], one["office"]) for one in row["staff"]]
    register.add_members(by=by, order=order, members=[chair, deputy, *others, *staff])
    for post, role in ((chair.post, Role.GOVERNOR), (row["account_of"], Role.COMMITTEE)):
        member = order.members.get(post=post)
        register.change_member(by=by, member=member, fields={"user_id": user_with_role(data, role).pk})
    print_line(f"committee: order {order.number}, {order.members.count()} members")


def plan_meeting(round_: Round, data: SampleData) -> Meeting:
    """A meeting on the round's day, with a member's opinions before it."""
    held_at = timezone.make_aware(datetime.combine(round_.committee_on, MEETING_HOUR))
    fields = {"number": f"1/{round_.year}", "held_at": held_at, "place": PLACE, "agenda": usual_agenda()}
    meeting = record_meeting(by=user_with_role(data, Role.SECRETARIAT), round_=round_, fields=fields)
    first, second, *_others = sub_pillars_to_decide(round_)
    said = {
        WHOLE: GivenOpinion("remark", WHOLE_REMARK),
        first: GivenOpinion("agree"),
        second: GivenOpinion("remark", SUB_PILLAR_REMARK),
    }
    record_opinions(by=user_with_role(data, Role.COMMITTEE), meeting=meeting, opinions=said)
    return meeting
