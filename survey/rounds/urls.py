"""Addresses of the first page, rounds, their dates and the calendar."""

from django.urls import path

from survey.rounds.views import calendar, home, rounds

ROUND = "p/<str:code>/<int:year>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("p/<str:code>/rounds/", rounds.rounds, name="rounds"),
    path("p/<str:code>/rounds/new/", rounds.open_round, name="round-new"),
    path("p/<str:code>/<int:year>/", home.overview, name="round"),
    path("p/<str:code>/<int:year>/dates/", rounds.change_round, name="round-edit"),
    path(ROUND + "guards/", rounds.guards, name="round-guards"),
    path(ROUND + "dates.ics", calendar.dates, name="calendar"),
    path(ROUND + "extend/", calendar.extend, name="round-extend"),
]
