"""Addresses of rounds, their dates and the calendar."""

from django.urls import path

from survey.rounds.views import calendar, overview, rounds, subscription

ROUND = "p/<str:code>/<number:year>/"

urlpatterns = [
    path("p/<str:code>/rounds/", rounds.rounds, name="rounds"),
    path("p/<str:code>/rounds/new/", rounds.open_round, name="round-new"),
    path("p/<str:code>/<number:year>/", overview.overview, name="round"),
    path("p/<str:code>/<number:year>/dates/", rounds.change_round, name="round-edit"),
    path(ROUND + "guards/", rounds.guards, name="round-guards"),
    path(ROUND + "dates.ics", calendar.dates, name="calendar"),
    path(ROUND + "calendar/", subscription.address, name="calendar-address"),
    path(ROUND + "calendar/revoke/", subscription.revoke, name="calendar-address-revoke"),
    path("calendar/<slug:secret>.ics", subscription.feed, name="calendar-feed"),
    path(ROUND + "extend/", calendar.extend, name="round-extend"),
]
