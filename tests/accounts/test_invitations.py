"""Invitations: single use, in time, for the right person, from somebody still entitled."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import actions
from accounts.actions import NotAllowed, RefusedError
from accounts.models import AccountEvent, Invitation, User
from accounts.roles import Capability, Role
from tests.factories import PASSWORD, UserFactory
from tests.people import People

FORM = {
    "first_name": "มาลี",
    "last_name": "ใหม่",
    "password1": "another-long-word-9",
    "password2": "another-long-word-9",
}


def offer(people: People, **changes: Any) -> tuple[Invitation, str]:
    """An invitation to the secretariat of province a."""
    post = {"email": "mali@example.org", "role": Role.SECRETARIAT, "province": people.a, **changes}
    return actions.invite_user(by=people.who(Role.PROVINCE_ADMIN), **post)


def url(token: str) -> str:
    return reverse("accounts:invitation", args=[token])


def test_from_the_form_to_the_new_account(
    client: Client, people: People, eager: None, django_capture_on_commit_callbacks: Any
) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    data = {"email": "Mali@Example.org", "role": "coordinator", "agency": people.a1.pk}
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("accounts:invite", args=[people.a.code]), data)
    assert response.status_code == 302
    assert mail.outbox[0].to == ["mali@example.org"]
    link = re.search(r"http://127\.0\.0\.1:8000(\S+)", mail.outbox[0].body)
    assert link
    invited = Client()
    assert invited.get(link[1]).status_code == 200
    assert invited.post(link[1], FORM)["Location"] == "/"
    user = User.objects.get(email="mali@example.org")
    assert user.has(Capability.CONTRIBUTION_EDIT, province_id=people.a.pk, agency_id=people.a1.pk)
    assert invited.get(reverse("accounts:profile")).status_code == 200
    verbs = [event.verb for event in AccountEvent.objects.order_by("pk")]
    assert verbs == ["invite", "join", "accept_invitation", "sign_in"]


def test_only_the_hash_of_the_token_is_kept(people: People) -> None:
    invitation, token = offer(people)
    assert len(token) >= 40
    stored = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert token not in str(stored)
    assert token not in str(list(AccountEvent.objects.values()))


def test_a_link_works_once(client: Client, people: People) -> None:
    _, token = offer(people)
    assert client.post(url(token), FORM).status_code == 302
    assert Client().get(url(token)).status_code == 410
    assert Client().post(url(token), FORM).status_code == 410
    assert User.objects.filter(email="mali@example.org").count() == 1


def test_a_wrong_late_or_withdrawn_link_is_useless(client: Client, people: People) -> None:
    assert client.get(url("invented")).status_code == 410
    invitation, token = offer(people)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post(url(token), FORM).status_code == 410
    invitation, token = offer(people)
    actions.withdraw_invitation(by=people.who(Role.PROVINCE_ADMIN), invitation=invitation)
    assert client.post(url(token), FORM).status_code == 410
    assert not User.objects.filter(email="mali@example.org").exists()
    with pytest.raises(RefusedError):
        actions.withdraw_invitation(by=people.who(Role.PROVINCE_ADMIN), invitation=invitation)


def test_sending_again_ends_the_earlier_link(
    client: Client, people: People, eager: None, django_capture_on_commit_callbacks: Any
) -> None:
    invitation, token = offer(people)
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(reverse("accounts:send-again", args=[people.a.code, invitation.pk]))
    assert response.status_code == 302
    assert len(mail.outbox) == 1
    assert Client().get(url(token)).status_code == 410
    again = actions.resend_invitation(by=people.who(Role.PROVINCE_ADMIN), invitation=invitation)
    assert Client().get(url(again)).status_code == 200


def test_the_giver_must_still_hold_it(client: Client, people: People) -> None:
    _, token = offer(people)
    admin = people.who(Role.PROVINCE_ADMIN)
    actions.revoke_role(by=None, membership=admin.memberships.get())
    assert client.get(url(token)).status_code == 410
    _, token = actions.invite_user(
        by=people.who(Role.PROVINCE_ADMIN, "b"),
        email="mali@example.org",
        role=Role.COMMITTEE,
        province=people.b,
    )
    actions.deactivate_user(by=None, user=people.who(Role.PROVINCE_ADMIN, "b"))
    assert client.get(url(token)).status_code == 410


def test_a_closed_agency_gets_no_coordinator(client: Client, people: People) -> None:
    _, token = offer(people, role=Role.COORDINATOR, agency=people.a1)
    actions.set_agency_active(by=None, agency=people.a1, active=False)
    assert client.get(url(token)).status_code == 410


def test_a_weak_or_mistyped_password_comes_back(client: Client, people: People) -> None:
    _, token = offer(people)
    for changes in (
        {"password2": "different-word-99"},
        {"password1": "1234567890", "password2": "1234567890"},
        {"password1": "short", "password2": "short"},
        {"first_name": ""},
    ):
        assert client.post(url(token), {**FORM, **changes}).status_code == 422
    assert client.post(url(token), FORM).status_code == 302


def test_an_existing_account_signs_in_to_accept(client: Client, people: People) -> None:
    user = UserFactory(email="mali@example.org")
    _, token = offer(people)
    page = client.get(url(token)).content.decode()
    assert "password1" not in page
    assert f"?next={url(token)}" in page
    # The link never sets the password of an account that exists.
    assert client.post(url(token), FORM).status_code == 422
    with pytest.raises(RefusedError):
        actions.accept_invitation(by=None, token=token, password="another-long-word-9")
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    client.force_login(user)
    assert client.get(url(token)).status_code == 200
    assert client.post(url(token)).status_code == 302
    assert User.objects.get(pk=user.pk).has(Capability.ANSWER_EDIT, province_id=people.a.pk)


def test_somebody_else_cannot_take_it(client: Client, people: People) -> None:
    _, token = offer(people)
    client.force_login(people.nobody)
    assert client.get(url(token)).status_code == 200
    assert client.post(url(token)).status_code == 422
    with pytest.raises(NotAllowed):
        actions.accept_invitation(by=people.nobody, token=token)
    assert Invitation.objects.get().used_at is None


def test_who_has_the_role_already_uses_the_link_up(people: People) -> None:
    user = people.who(Role.SECRETARIAT)
    _, token = offer(people, email=user.email)
    actions.accept_invitation(by=user, token=token)
    assert user.memberships.count() == 1


def test_no_invitation_to_a_closed_account(people: People) -> None:
    UserFactory(email="mali@example.org", is_active=False)
    with pytest.raises(RefusedError):
        offer(people)


def test_without_a_mail_server_the_link_is_shown_once(
    client: Client, people: People, settings: Any, eager: None, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    data = {"email": "mali@example.org", "role": "committee"}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("accounts:invite", args=[people.a.code]), data)
    people_page = reverse("accounts:people", args=[people.a.code])
    page = client.get(people_page).content.decode()
    assert "ยังส่งอีเมลไม่สำเร็จ" in page
    assert "/accounts/invitation/" not in page
    client.post(reverse("accounts:send-again", args=[people.a.code, Invitation.objects.get().pk]))
    first, second = client.get(people_page).content.decode(), client.get(people_page).content.decode()
    assert "/accounts/invitation/" in first
    assert "/accounts/invitation/" not in second


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"email": "mali@example.org", "role": "governor"}, "role"),
        ({"email": "mali@example.org", "role": "central_admin"}, "role"),
        ({"email": "mali@example.org", "role": "coordinator"}, "agency"),
        ({"email": "มาลี@example.org", "role": "committee"}, "email"),
        ({"email": "", "role": "committee"}, "email"),
        (
            {
                "email": "mali@example.org",
                "role": "committee",
                "valid_from": "2026-02-01",
                "valid_to": "2026-01-01",
            },
            "valid_to",
        ),
    ],
)
def test_the_form_refuses(client: Client, people: People, data: dict[str, str], field: str) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    response = client.post(reverse("accounts:invite", args=[people.a.code]), data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Invitation.objects.exists()


def test_another_provinces_agency_is_no_choice(client: Client, people: People) -> None:
    client.force_login(people.who(Role.PROVINCE_ADMIN))
    data = {"email": "mali@example.org", "role": "coordinator", "agency": people.b1.pk}
    response = client.post(reverse("accounts:invite", args=[people.a.code]), data)
    assert response.status_code == 422
