"""URLs of the journal: of a response, an answer, a province."""

from django.urls import path, re_path

from survey.journal.views import export, history, province

urlpatterns = [
    path("r/<number:pk>/history/<str:item_id>/", history.history, name="history"),
    path("r/<number:pk>/journal/", history.journal, name="journal"),
    path("p/<str:code>/journal/", province.journal, name="province-journal"),
    re_path(r"^p/(?P<code>[^/]+)/journal/export\.(?P<kind>csv|xlsx)\Z", export.export, name="province-journal-export"),
]
