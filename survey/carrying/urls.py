"""Addresses of a new round from last year's."""

from django.urls import path

from survey.carrying import views

ROUND = "p/<str:code>/<int:year>/"

urlpatterns = [
    path(ROUND + "next/", views.next_round, name="round-next"),
    path("r/<int:pk>/carried/", views.listing, name="carried"),
    path("r/<int:pk>/carried/<str:item_id>/", views.settle, name="carried-settle"),
]
