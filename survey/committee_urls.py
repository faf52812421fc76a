"""Addresses of the committee, delegation, notices, calendar, verification and journal; included in survey.urls."""

from django.urls import path

from survey.views import notices

ROUND = "p/<str:code>/<int:year>/"

urlpatterns = [
    path("notices/", notices.listing, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/digest/", notices.digest, name="notices-digest"),
    path("notices/<int:pk>/", notices.open_one, name="notice"),
    path("mail/digest/<str:token>/", notices.stop, name="mail-stop"),
]
