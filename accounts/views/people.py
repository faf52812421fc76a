"""User administration of a province (code given) or the whole country (no code): list, invite, roles, deactivate."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import actions, mail, queries
from accounts.access import SignedInRequest, allow, get_province, may_grant_role, may_manage_user, require_central
from accounts.actions.memberships import kind_of
from accounts.forms.filters import PeopleFilterForm
from accounts.forms.roles import InviteForm, RoleForm
from accounts.links import scope_url
from accounts.made_once import made_once
from accounts.models import Invitation, Membership, Province, User
from accounts.people_list import listed_people
from accounts.post.account_letters import mail_fails
from accounts.roles import Capability, Role
from accounts.second_factor.gate import asks_second_factor_again
from accounts.second_factor.queries import has_second_factor
from accounts.separation import find_role_conflicts, role_conflicts_of
from accounts.views.common import confirm_action, paginate, render_form, try_action
from accounts.views.kept_people import shown_invitations, shown_people
from dgready.posting import post_only

manages_users = allow(Capability.USERS_MANAGE)
INVITATION_LINK_KEY = "accounts_invitation_link"  # session key: shown once, on the next list


def _people_page(request: HttpRequest, code: str | None = None, **names: object) -> str:
    return reverse("accounts:people", args=[code]) if code else reverse("accounts:central-people")


def get_scope(request: SignedInRequest, code: str | None) -> Province | None:
    """The province of a page's address, None for the whole country; raises Http404 for whom it is not."""
    if code is not None:
        return get_province(request.user, code, Capability.USERS_MANAGE)
    require_central(request.user, Capability.USERS_MANAGE)
    return None


def _get_person(province: Province | None, pk: int) -> User:
    user = queries.find_person(province, pk)
    if user is None:
        raise Http404
    return user


@manages_users
@require_GET
def people(request: SignedInRequest, code: str | None = None) -> HttpResponseBase:
    """List of users, filtered, with open invitations."""
    province = get_scope(request, code)
    filter_form = PeopleFilterForm(request.GET, respondent=kind_of(province))
    page = paginate(request, listed_people(province, **filter_form.criteria()))
    context = {
        "province": province,
        "filter": filter_form.shown(),
        "page": page,
        "people": shown_people(list(page), province),
        "invited": shown_invitations(province),
        "conflicts": find_role_conflicts(province),
        "link": request.session.pop(INVITATION_LINK_KEY, ""),
    }
    return render(request, "accounts/people.html", context)


@manages_users
@require_http_methods(["GET", "POST"])
@asks_second_factor_again
@made_once
def invite(request: SignedInRequest, code: str | None = None) -> HttpResponseBase:
    """Invite an e-mail address to a role."""
    province = get_scope(request, code)
    form = InviteForm(request.POST if request.method == "POST" else None, by=request.user, province=province)
    if form.is_bound and form.is_valid():
        email = form.cleaned_data["email"]

        def send_invitation() -> None:
            offer = {"email": email, "province": province, **form.role_values()}
            _report_invitation(request, *actions.invite_user(by=request.user, **offer))

        if try_action(form, send_invitation):
            return redirect(scope_url("people", province))
    return render_form(request, "accounts/invite.html", form, province=province, back=scope_url("people", province))


def _report_invitation(request: SignedInRequest, invitation: Invitation, token: str) -> None:
    invitation.refresh_from_db(fields=["sent_at"])
    failed = not invitation.sent_at and mail_fails()
    if invitation.sent_at:
        messages.success(request, _("ส่งคำเชิญถึง %(email)s แล้ว") % {"email": invitation.email})
    elif failed:
        messages.warning(request, _("บันทึกคำเชิญแล้ว แต่ยังส่งอีเมลไม่ได้ ระบบจะส่งให้เองเมื่อส่งได้"))
    else:
        messages.success(request, _("บันทึกคำเชิญแล้ว กำลังส่งอีเมลถึง %(email)s") % {"email": invitation.email})
    if failed or settings.EMAIL_BACKEND.endswith(("console.EmailBackend", "dummy.EmailBackend")):
        # Without a working mail server the link reaches its owner by hand.
        request.session[INVITATION_LINK_KEY] = mail.invitation_link(token)


def _get_invitation(request: SignedInRequest, province: Province | None, pk: int) -> Invitation:
    invitation = get_object_or_404(queries.open_invitations(province), pk=pk)
    if not may_grant_role(request.user, Role(invitation.role), invitation.province_id):
        raise Http404
    return invitation


@manages_users
@post_only(_people_page)
@made_once
def send_again(request: SignedInRequest, pk: int, code: str | None = None) -> HttpResponseBase:
    """Send a new link for an open invitation."""
    province = get_scope(request, code)
    invitation = _get_invitation(request, province, pk)
    try:
        _report_invitation(request, invitation, actions.resend_invitation(by=request.user, invitation=invitation))
    except actions.RefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect(scope_url("people", province))


@manages_users
@require_http_methods(["GET", "POST"])
def withdraw(request: SignedInRequest, pk: int, code: str | None = None) -> HttpResponseBase:
    """Withdraw an open invitation, after confirmation."""
    province = get_scope(request, code)
    invitation = _get_invitation(request, province, pk)
    return confirm_action(
        request,
        lambda: actions.withdraw_invitation(by=request.user, invitation=invitation),
        back=scope_url("people", province),
        title=_("ถอนคำเชิญ"),
        question=_("ถอนคำเชิญที่ส่งถึง %(email)s ลิงก์ในอีเมลจะใช้ไม่ได้อีก") % {"email": invitation.email},
        button=_("ถอนคำเชิญ"),
    )


@manages_users
@require_GET
def person(request: SignedInRequest, pk: int, code: str | None = None) -> HttpResponseBase:
    """Page of one user: roles here, possible actions, the latest log events."""
    province = get_scope(request, code)
    user = _get_person(province, pk)
    for membership in user.active_memberships:  # type: ignore[attr-defined]  # a prefetch of queries.find_person
        may_grant = may_grant_role(request.user, Role(membership.role), membership.province_id)
        membership.revocable = user != request.user and may_grant
    context = {
        "province": province,
        "person": user,
        "manageable": may_manage_user(request.user, user),
        "has_second_factor": has_second_factor(user),
        "conflicts": [c for c in role_conflicts_of(user) if province is None or _is_in(province, c.approving)],
        "events": queries.list_account_events(user, province),
        "back": scope_url("people", province),
    }
    return render(request, "accounts/person.html", context)


def _is_in(province: Province, membership: Membership) -> bool:
    return membership.province_id in (None, province.pk)


@manages_users
@require_http_methods(["GET", "POST"])
@asks_second_factor_again
@made_once
def grant(request: SignedInRequest, pk: int, code: str | None = None) -> HttpResponseBase:
    """Grant one more role to an existing user."""
    province = get_scope(request, code)
    user = _get_person(province, pk)
    if user == request.user:
        raise Http404
    form = RoleForm(request.POST if request.method == "POST" else None, by=request.user, province=province)
    back = scope_url("person", province, pk)
    if form.is_bound and form.is_valid():
        role_values = {"province": province, **form.role_values()}
        if try_action(form, lambda: actions.grant_role(by=request.user, user=user, **role_values)):
            messages.success(request, _("ให้บทบาทแล้ว"))
            return redirect(back)
    return render_form(request, "accounts/grant.html", form, province=province, person=user, back=back)


@manages_users
@require_http_methods(["GET", "POST"])
@asks_second_factor_again
def revoke(request: SignedInRequest, pk: int, membership: int, code: str | None = None) -> HttpResponseBase:
    """Revoke a role, after confirmation."""
    province = get_scope(request, code)
    memberships = Membership.objects.select_related("user", "province", "agency").filter(user=pk, active=True)
    in_scope = memberships.filter(province=province) if province else memberships
    role = get_object_or_404(in_scope, pk=membership)
    if role.user == request.user or not may_grant_role(request.user, Role(role.role), role.province_id):
        raise Http404
    names = {"person": role.user.get_full_name(), "role": str(role)}
    return confirm_action(
        request,
        lambda: actions.revoke_role(by=request.user, membership=role),
        back=scope_url("person", province, pk),
        title=_("ยกเลิกบทบาท"),
        question=_("ยกเลิกบทบาท “%(role)s” ของ %(person)s มีผลทันที") % names,
        button=_("ยกเลิกบทบาท"),
    )


@manages_users
@require_http_methods(["GET", "POST"])
@asks_second_factor_again
def deactivate(request: SignedInRequest, pk: int, code: str | None = None) -> HttpResponseBase:
    """Deactivate an account, after confirmation; its open sessions end at once."""
    return confirm_for_person(
        request,
        (pk, code),
        actions.deactivate_user,
        title=_("ปิดบัญชี"),
        question=_("ปิดบัญชีของ %(person)s ผู้ใช้จะออกจากระบบทุกเครื่องทันทีและเข้าใหม่ไม่ได้"),
        button=_("ปิดบัญชี"),
    )


@manages_users
@require_http_methods(["GET", "POST"])
@asks_second_factor_again
def end_sessions(request: SignedInRequest, pk: int, code: str | None = None) -> HttpResponseBase:
    """Sign a person out everywhere, after confirmation: a lost telephone, a computer left open."""
    return confirm_for_person(
        request,
        (pk, code),
        actions.end_sessions_of,
        title=_("ให้ออกจากระบบทุกเครื่อง"),
        question=_("ให้ %(person)s ออกจากระบบทุกเครื่องทันที บัญชียังเปิดอยู่และเข้าใหม่ได้"),
        button=_("ให้ออกจากระบบ"),
    )


@manages_users
@require_http_methods(["GET", "POST"])
@asks_second_factor_again
def reactivate(request: SignedInRequest, pk: int, code: str | None = None) -> HttpResponseBase:
    """Reactivate a deactivated account, after confirmation."""
    return confirm_for_person(
        request,
        (pk, code),
        actions.reactivate_user,
        danger=False,
        title=_("เปิดบัญชีอีกครั้ง"),
        question=_("เปิดบัญชีของ %(person)s อีกครั้ง พร้อมบทบาทเดิม"),
        button=_("เปิดบัญชี"),
    )


def confirm_for_person(
    request: SignedInRequest,
    page: tuple[int, str | None],
    act: Callable[..., object],
    *,
    danger: bool = True,
    question: str,
    **texts: str,
) -> HttpResponseBase:
    """An act (by=, user=) on the account of a person, after confirmation. `page`: the numbers of the person's page.

    `question` says %(person)s.
    """
    pk, code = page
    province = get_scope(request, code)
    user = _get_person(province, pk)
    if not may_manage_user(request.user, user):
        raise Http404
    return confirm_action(
        request,
        lambda: act(by=request.user, user=user),
        back=scope_url("person", province, pk),
        danger=danger,
        question=question % {"person": user.get_full_name()},
        **texts,
    )
