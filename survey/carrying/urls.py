"""Addresses of a new round from last year's."""

from django.urls import path

from survey.carrying.views import carried, confirm, last_year, next_round

ROUND = "p/<str:code>/<number:year>/"

urlpatterns = [
    path(ROUND + "next/", next_round.next_round, name="round-next"),
    path("r/<number:pk>/carried/", carried.listing, name="carried"),
    path("r/<number:pk>/carried/<str:item_id>/", confirm.settle, name="carried-settle"),
    path("r/<number:pk>/last-year/<str:item_id>/", last_year.question, name="last-year"),
]
