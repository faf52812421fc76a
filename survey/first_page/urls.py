"""Addresses of the first page, and of the places of the main menu by round."""

from django.urls import path

from survey.first_page.views import home, places

urlpatterns = [
    path("", home.home, name="home"),
    path("p/<str:code>/<number:year>/go/<slug:key>/", places.place, name="place"),
]
