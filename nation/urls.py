"""URL configuration of nation."""

from django.urls import URLPattern

from nation.national.urls import urlpatterns as national
from nation.reasons import urls as reasons

app_name = "nation"
urlpatterns: list[URLPattern] = [
    *national,
    *reasons.urlpatterns,
]
