"""URLs of notices and of the daily digest."""

from django.urls import path

from survey.notices import views

urlpatterns = [
    path("notices/", views.listing, name="notices"),
    path("notices/read/", views.read_all, name="notices-read"),
    path("notices/digest/", views.digest, name="notices-digest"),
    path("notices/<number:pk>/", views.open_one, name="notice"),
    path("mail/digest/<str:token>/", views.stop, name="mail-stop"),
]
