"""URL configuration of nation."""

from django.urls import URLPattern

from nation.national.urls import urlpatterns as national
from nation.reasons.urls import urlpatterns as reasons
from nation.releases.urls import urlpatterns as releases

app_name = "nation"
urlpatterns: list[URLPattern] = [
    *national,
    *reasons,
    *releases,
]
