"""Addresses of people, provinces and agencies."""

from django.urls import URLPattern

app_name = "accounts"
urlpatterns: list[URLPattern] = []
