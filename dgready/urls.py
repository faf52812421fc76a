"""Root URL configuration: health checks, language and session, then each app; the survey, most requested, first."""

from django.urls import URLPattern, URLResolver, include, path

from dgready import converters, health, views

converters.register()

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/setlang", views.set_language, name="set_language"),
    path("session/ping", views.session_ping, name="session_ping"),
    path("typed/day", views.read_day, name="read_day"),
    path("", include("survey.urls")),
    path("", include("accounts.urls")),
    path("", include("accounts.single_sign_on.urls")),
    path("", include("evidence.urls")),
    path("", include("scoring.urls")),
    path("", include("nation.urls")),
    path("", include("reports.urls")),
]

handler400 = "dgready.views.bad_request"
handler403 = "dgready.views.permission_denied"
handler404 = "dgready.views.page_not_found"
handler500 = "dgready.views.server_error"
