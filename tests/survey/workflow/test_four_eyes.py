"""Four eyes at the approval: who wrote or submitted the answer, or may do so, does not approve it."""

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.actions import FourEyesRefused
from accounts.models import Membership, User
from accounts.roles import Role
from survey.approval.actions import approve_response
from survey.models import Delegation, FrozenResponse, Response
from survey.workflow.refusal import TransitionRefused
from survey.workflow.response_states import allowed_response_transitions, refusal_message
from tests.committee import make_delegation
from tests.factories import PASSWORD, MembershipFactory
from tests.flow import Flow, outside, text

MUST_NOT = "ผู้กรอกหรือเสนอต้องไม่ใช่ผู้อนุมัติ"


def again(user: User) -> User:
    """The person as the next request meets them."""
    return User.objects.get(pk=user.pk)


def refused(user: User, flow: Flow) -> str:
    """Why the person cannot approve: the table, the reason shown before, and the act say the same."""
    user = again(user)
    assert "approve" not in {t.name for t in allowed_response_transitions(user, flow.response)}
    with pytest.raises(TransitionRefused) as caught:
        approve_response(by=user, response=flow.response, compose=outside)
    assert not FrozenResponse.objects.exists()
    assert refusal_message(user, flow.response, "approve") == str(caught.value)
    return str(caught.value)


def test_who_has_both_roles_from_before_does_not_approve(flow: Flow) -> None:
    flow.submit()
    MembershipFactory(user=flow.governor, role=Role.SECRETARIAT, province=flow.province)
    assert MUST_NOT in refused(flow.governor, flow)


def test_who_submitted_does_not_approve_even_without_that_role(flow: Flow) -> None:
    flow.submit()
    Membership.objects.filter(user=flow.secretariat).update(active=False)
    MembershipFactory(user=flow.secretariat, role=Role.GOVERNOR, province=flow.province)
    assert "เป็นผู้เสนอ" in refused(flow.secretariat, flow)


def test_who_wrote_an_answer_does_not_approve_even_without_that_role(flow: Flow) -> None:
    other = MembershipFactory(role=Role.SECRETARIAT, province=flow.province)
    flow.save("T8", {"T8": "yes"}, by=other.user)
    flow.submit()
    Membership.objects.filter(pk=other.pk).update(active=False)
    MembershipFactory(user=other.user, role=Role.GOVERNOR, province=flow.province)
    assert "เคยกรอกหรือแก้ไข" in refused(other.user, flow)


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.SECRETARIAT, Role.GOVERNOR)])
def test_other_roles_beside_the_governors_approve(role: Role, flow: Flow) -> None:
    """Walks every other role: none of them writes the province's answer."""
    where: dict[str, Any] = {"province": None if role is Role.CENTRAL_ADMIN else flow.province}
    if role is Role.COORDINATOR:
        where["agency"] = flow.people.a1
    MembershipFactory(user=flow.governor, role=role, **where)
    flow.submit()
    assert approve_response(by=again(flow.governor), response=flow.response, compose=outside).number == 1


def test_the_pages_say_it_before_the_act(flow: Flow, ask: Any) -> None:
    flow.submit()
    MembershipFactory(user=flow.governor, role=Role.SECRETARIAT, province=flow.province)
    brief = text(ask(again(flow.governor), "brief", flow.response))
    assert MUST_NOT in brief
    assert reverse("survey:approve", args=[flow.response.pk]) not in brief
    page = ask(again(flow.governor), "approve", flow.response)
    assert MUST_NOT in text(page)
    assert "password" not in text(page)
    data = {"version": flow.response.version, "password": PASSWORD}
    assert ask(again(flow.governor), "approve", flow.response, data=data).status_code == 409
    assert Response.objects.get().state == Response.State.SUBMITTED


# -- delegates ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_every_role_as_a_delegate(role: Role, flow: Flow, tmp_path: Path) -> None:
    if role is Role.GOVERNOR:
        return  # needs none
    user = flow.who(role)
    if role is Role.SECRETARIAT:
        with pytest.raises(FourEyesRefused, match="ต้องไม่ใช่ผู้อนุมัติ"):
            make_delegation(flow.people, tmp_path, delegate=user)
        assert not Delegation.objects.exists()
        return
    make_delegation(flow.people, tmp_path, delegate=user)
    flow.submit()
    assert "approve" in {t.name for t in allowed_response_transitions(again(user), flow.response)}


def test_who_wrote_this_years_answer_is_no_delegate_after_giving_up_the_role(flow: Flow, tmp_path: Path) -> None:
    flow.save("T8", {"T8": "yes"})
    Membership.objects.filter(user=flow.secretariat).update(active=False)
    MembershipFactory(user=flow.secretariat, role=Role.COMMITTEE, province=flow.province)
    with pytest.raises(FourEyesRefused, match="รอบที่เปิดอยู่"):
        make_delegation(flow.people, tmp_path, delegate=again(flow.secretariat))


def test_a_delegate_from_before_is_refused_at_the_approval(flow: Flow, tmp_path: Path) -> None:
    made = make_delegation(flow.people, tmp_path)
    flow.submit()
    MembershipFactory(user=made.delegate, role=Role.SECRETARIAT, province=flow.province)
    assert MUST_NOT in refused(made.delegate, flow)
