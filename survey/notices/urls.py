"""URLs of notices, of the daily digest, and of letters that could not be sent."""

from django.urls import path

from survey.notices import views

urlpatterns = [
    path("notices/", views.listing, name="notices"),
    path("notices/read/", views.read_all, name="notices-read"),
    path("notices/digest/", views.digest, name="notices-digest"),
    path("notices/<number:pk>/", views.open_one, name="notice"),
    path("letters/", views.undelivered, name="letters"),
    path("letters/<slug:source>/<number:pk>/again/", views.letter_again, name="letter-again"),
    path("mail/digest/<str:token>/", views.stop, name="mail-stop"),
]
