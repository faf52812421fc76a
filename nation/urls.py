"""URL configuration of nation."""

from django.urls import URLPattern

app_name = "nation"
urlpatterns: list[URLPattern] = []
