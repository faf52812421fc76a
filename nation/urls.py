"""URL configuration of nation."""

from django.urls import URLPattern

from nation.reasons import urls as reasons

app_name = "nation"
urlpatterns: list[URLPattern] = [
    *reasons.urlpatterns,
]
