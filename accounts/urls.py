"""URLs of accounts: sign-in, profile, users, provinces and agencies."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path

from accounts.second_factor import urls as second_factor
from accounts.security_log import urls as security_log
from accounts.views import (
    agencies_import,
    api_tokens,
    invitation,
    password,
    people,
    people_import,
    places,
    profile,
    respondents,
    sign_in_out,
    sign_ins,
)

app_name = "accounts"

# The same pages under a province and, for central administrators, without one.
_USER_PAGES: tuple[tuple[str, Callable[..., HttpResponseBase], str], ...] = (
    ("people/", people.people, "people"),
    ("people/invite/", people.invite, "invite"),
    ("people/<number:pk>/", people.person, "person"),
    ("people/<number:pk>/grant/", people.grant, "grant"),
    ("people/<number:pk>/roles/<number:membership>/revoke/", people.revoke, "revoke"),
    ("people/<number:pk>/deactivate/", people.deactivate, "deactivate"),
    ("people/<number:pk>/end-sessions/", people.end_sessions, "end-sessions"),
    ("people/<number:pk>/reactivate/", people.reactivate, "reactivate"),
    ("invitations/<number:pk>/send-again/", people.send_again, "send-again"),
    ("invitations/<number:pk>/withdraw/", people.withdraw, "withdraw"),
    *second_factor.USER_PAGES,
    *security_log.USER_PAGES,
)

urlpatterns: list[URLPattern] = [
    path("accounts/sign-in/", sign_in_out.sign_in, name="sign-in"),
    path("accounts/sign-out/", sign_in_out.sign_out, name="sign-out"),
    *second_factor.urlpatterns,
    path("accounts/profile/", profile.profile, name="profile"),
    path("accounts/sign-ins/", sign_ins.sign_ins, name="sign-ins"),
    path("accounts/sign-ins/end-others/", sign_ins.end_others, name="sign-ins-end"),
    path("accounts/sign-ins/<number:pk>/end/", sign_ins.end, name="sign-in-end"),
    path("accounts/tokens/", api_tokens.tokens, name="tokens"),
    path("accounts/tokens/<number:pk>/revoke/", api_tokens.revoke, name="token-revoke"),
    path("p/<slug:code>/tokens/", api_tokens.province_tokens, name="province-tokens"),
    path("p/<slug:code>/tokens/<number:pk>/revoke/", api_tokens.revoke_of_province, name="province-token-revoke"),
    path("accounts/password/", password.change, name="password-change"),
    path("accounts/password/reset/", password.reset, name="password-reset"),
    path("accounts/password/reset/sent/", password.reset_sent, name="password-reset-sent"),
    path(
        "accounts/password/reset/<str:uidb64>/<str:token>/",
        password.reset_confirm,
        name="password-reset-confirm",
    ),
    path("accounts/invitation/<str:token>/", invitation.invitation, name="invitation"),
    *(path(f"p/<slug:code>/{route}", view, name=name) for route, view, name in _USER_PAGES),
    *(path(f"central/{route}", view, name=f"central-{name}") for route, view, name in _USER_PAGES),
    path("p/<slug:code>/people/import/", people_import.upload, name="people-import"),
    path("p/<slug:code>/people/import/template/", people_import.download, name="people-import-template"),
    path("p/<slug:code>/people/import/apply/", people_import.apply, name="people-import-apply"),
    path("p/<slug:code>/agencies/import/", agencies_import.upload, name="agencies-import"),
    path("p/<slug:code>/agencies/import/template/", agencies_import.download, name="agencies-import-template"),
    path("p/<slug:code>/agencies/import/apply/", agencies_import.apply, name="agencies-import-apply"),
    path("p/<slug:code>/agencies/", places.agencies, name="agencies"),
    path("p/<slug:code>/agencies/new/", places.new_agency, name="agency-new"),
    path("p/<slug:code>/agencies/<slug:agency>/edit/", places.edit_agency, name="agency-edit"),
    path("p/<slug:code>/agencies/<slug:agency>/switch/", places.switch_agency, name="agency-switch"),
    path("departments/", respondents.departments, name="departments"),
    path("departments/new/", respondents.new_department, name="department-new"),
    path("departments/<slug:code>/edit/", respondents.edit_department, name="department-edit"),
    path("provinces/", respondents.provinces, name="provinces"),
    path("provinces/new/", respondents.new_province, name="province-new"),
    path("provinces/<slug:code>/edit/", respondents.edit_province, name="province-edit"),
]
