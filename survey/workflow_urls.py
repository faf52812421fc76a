"""Addresses of checking, submitting, approving, commenting and reading back; included in survey.urls."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
