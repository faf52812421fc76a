"""URL configuration of nation."""

from django.urls import URLPattern

from nation.national.urls import urlpatterns as national

app_name = "nation"
urlpatterns: list[URLPattern] = [*national]
