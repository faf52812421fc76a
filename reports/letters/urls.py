"""Addresses of the letters of a round."""

from __future__ import annotations

from django.urls import path

from reports.letters import views

_LETTERS = "p/<str:code>/<number:year>/letters/"

urlpatterns = [
    path(_LETTERS, views.listing, name="letters"),
    path(f"{_LETTERS}make/", views.make, name="letters-make"),
    path(f"{_LETTERS}<slug:letter>/", views.word, name="letter"),
    path(f"{_LETTERS}<slug:letter>/restore/", views.restore, name="letter-restore"),
    path(f"{_LETTERS}<slug:letter>/undo/<number:revision>/", views.undo, name="letter-undo"),
]
