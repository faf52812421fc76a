"""URLs of typing in a paper."""

from django.urls import path

from survey.entry.views import page, start

urlpatterns = [
    path("p/<str:code>/<number:year>/desk/<slug:agency>/entry/", start.open_contribution, name="entry-open"),
    path("r/<number:pk>/entry/", start.start, name="entry"),
    path("r/<number:pk>/entry/begin/", start.begin, name="entry-begin"),
    path("r/<number:pk>/entry/take-back/", start.take_back, name="entry-take-back"),
    path("r/<number:pk>/entry/<str:section>/", page.page, name="entry-page"),
]
