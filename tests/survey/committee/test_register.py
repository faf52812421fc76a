"""The committee's register: orders and members from and to a day; who keeps it; its pages and history."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.actions import NotAllowed, RefusedError
from accounts.models import AccountEvent
from accounts.roles import Role
from survey.committee.actions import register
from survey.committee.register import members_on, order_in_force
from survey.models import CommitteeMember, CommitteeOrder
from tests.committee import make_order, seat_of, today
from tests.flow import Flow, text


def test_the_order_in_force_on_a_day_names_the_members(flow: Flow) -> None:
    by, province = flow.secretariat, flow.province
    old = make_order(by, province, "ประธาน", "กรรมการหนึ่ง", days=-100)
    new = make_order(by, province, "ประธานใหม่", days=-10, number="2/2569")
    assert order_in_force(province.pk, today(-101)) is None
    assert order_in_force(province.pk, today(-11)) == old
    assert order_in_force(province.pk, today()) == new
    register.change_order(by=by, order=new, fields={"ends_on": today(-1)})
    assert order_in_force(province.pk, today()) == old
    left = old.members.get(post="กรรมการหนึ่ง")
    register.change_member(by=by, member=left, fields={"ends_on": today(-1)})
    register.add_member(by=by, order=old, fields={"post": "กรรมการสอง", "starts_on": today()})
    assert [m.post for m in members_on(province.pk, today(-50))] == ["ประธาน", "กรรมการหนึ่ง"]
    assert [m.post for m in members_on(province.pk, today())] == ["ประธาน", "กรรมการสอง"]
    assert CommitteeMember.objects.count() == 4  # nobody is deleted


def test_a_new_order_begins_with_the_members_of_the_one_before_or_the_heads_of_offices(flow: Flow) -> None:
    by, province = flow.secretariat, flow.province
    first = make_order(by, province, "ประธาน", "พ้นแล้ว")
    seat_of(by, first, flow.who(Role.COMMITTEE), "ประธาน")
    register.change_member(by=by, member=first.members.get(post="พ้นแล้ว"), fields={"ends_on": today(-5)})
    given = {"signed_on": today(), "starts_on": today()}
    second = register.create_order(by=by, province=province, fields={**given, "number": "2"}, members_from="previous")
    assert [(m.post, m.user) for m in second.members.all()] == [("ประธาน", flow.who(Role.COMMITTEE))]
    third = register.create_order(by=by, province=province, fields={**given, "number": "3"}, members_from="offices")
    chair, *heads = third.members.all()
    assert (chair.seat, chair.post) == ("chair", f"ผู้ว่าราชการจังหวัด{province.name_th}")
    assert len(heads) == province.agencies.filter(active=True).count()


def test_who_keeps_it(flow: Flow) -> None:
    may = [label for label, user in flow.people.everyone() if register.may_keep_register(user, flow.province)]
    assert may == ["secretariat:a"]
    order = make_order(flow.secretariat, flow.province)
    acts: list[Callable[[Any], object]] = [
        lambda by: make_order(by, flow.province, number="9"),
        lambda by: register.change_order(by=by, order=order, fields={"quorum": 1}),
        lambda by: register.add_member(by=by, order=order, fields={"post": "ก"}),
        lambda by: register.change_member(by=by, member=order.members.all()[0], fields={"post": "ก"}),
    ]
    for label, user in flow.people.everyone():
        for act in acts if label not in may else []:
            with pytest.raises(NotAllowed):
                act(user)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"number": ""}, "เลขที่คำสั่ง"),
        ({"number": "1/2568"}, "อยู่แล้ว"),
        ({"ends_on": today(-60)}, "วันสิ้นสุด"),
        ({"signed_on": today(1)}, "ก่อนวันที่ลงนาม"),
    ],
)
def test_orders_that_are_refused(flow: Flow, fields: dict[str, Any], words: str) -> None:
    make_order(flow.secretariat, flow.province)
    with pytest.raises(RefusedError, match=words):
        make_order(flow.secretariat, flow.province, **{"number": "2", **fields})
    assert CommitteeOrder.objects.count() == 1


def test_members_that_are_refused(flow: Flow) -> None:
    by, order = flow.secretariat, make_order(flow.secretariat, flow.province, "ประธาน", "กรรมการ")
    member = flow.who(Role.COMMITTEE)
    first = seat_of(by, order, member)
    second = order.members.get(post="กรรมการ")
    stranger = flow.people.who(Role.COMMITTEE, "b")
    for fields, words in (
        ({"post": ""}, "ระบุตำแหน่ง"),
        ({"starts_on": today(-90)}, "ก่อนวันที่คำสั่งใช้"),
        ({"ends_on": today(-90)}, "วันสิ้นสุด"),
        ({"user_id": stranger.pk}, "ไม่มีบทบาทในจังหวัด"),
        ({"user_id": member.pk}, "อีกตำแหน่งหนึ่งแล้ว: ประธาน"),
    ):
        with pytest.raises(RefusedError, match=words):
            register.change_member(by=by, member=second, fields=fields)
    register.change_member(by=by, member=first, fields={"ends_on": today(-1)})
    moved = register.change_member(by=by, member=second, fields={"user_id": member.pk, "starts_on": today()})
    assert moved.user == member  # one seat after the other


def test_kept_and_read_on_pages_with_its_history(flow: Flow, client: Client) -> None:
    code = flow.province.code
    client.force_login(flow.secretariat)
    new = reverse("survey:register-new", args=[code])
    given = {
        "number": "2911/2567",
        "signed_on": today(-9).isoformat(),
        "starts_on": today(-9).isoformat(),
        "quorum": "12",
        "powers": "1. เสนอแนะ",
        "members_from": "offices",
    }
    assert client.post(new, {**given, "number": ""}).status_code == 422
    assert client.post(new, given).status_code == 302
    order = CommitteeOrder.objects.get()
    assert client.post(new, given).status_code == 422  # the same number again
    edit = reverse("survey:register-edit", args=[code, order.pk])
    assert client.post(edit, {**given, "quorum": "13"}).status_code == 302
    member = order.members.all()[1]
    where = reverse("survey:register-member", args=[code, order.pk, member.pk])
    seat = {"seat": "member", "post": "พลังงานจังหวัดเอ", "place": "2", "starts_on": today(-9).isoformat()}
    assert client.post(where, {**seat, "post": ""}).status_code == 422
    assert client.post(where, {**seat, "user": str(flow.who(Role.COMMITTEE).pk)}).status_code == 302
    added = reverse("survey:register-member-new", args=[code, order.pk])
    assert client.post(added, {**seat, "post": "ผู้ช่วย", "seat": "assistant_secretary"}).status_code == 302
    client.force_login(flow.who(Role.COMMITTEE))
    page = text(client.get(reverse("survey:register", args=[code])))
    for words in ("2911/2567", "องค์ประชุม 13 คน", "พลังงานจังหวัดเอ", "กรรมการและผู้ช่วยเลขานุการ", "1. เสนอแนะ", "12 → 13"):
        assert words in page
    assert where not in page
    assert client.get(edit).status_code == 404
    verbs = AccountEvent.objects.filter(province=flow.province, verb__startswith="committee_")
    assert verbs.filter(verb="committee_order_change", by=flow.secretariat).count() == 1
    assert reverse("survey:register", args=[code]) in text(
        client.get(reverse("survey:meetings", args=[code, flow.round.year]))
    )
