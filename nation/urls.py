"""URL configuration of nation."""

from django.urls import URLPattern

from nation.desk.urls import urlpatterns as desk

app_name = "nation"
urlpatterns: list[URLPattern] = [*desk]
