"""Addresses of consolidation."""

from django.urls import path

from survey.consolidating.views import agreed, evidence_changes, overview, question

urlpatterns = [
    path("r/<number:pk>/consolidate/", overview.overview, name="consolidate"),
    path("r/<number:pk>/consolidate/agreed/", agreed.agreed, name="consolidate-agreed"),
    path("r/<number:pk>/consolidate/agreed/<number:seq>/", agreed.report, name="consolidate-report"),
    path("r/<number:pk>/consolidate/<str:item_id>/evidence/", evidence_changes.follow, name="consolidate-follow"),
    path(
        "r/<number:pk>/consolidate/<str:item_id>/evidence/<number:first>/<number:last>/undo/",
        evidence_changes.unfollow,
        name="consolidate-unfollow",
    ),
    path("r/<number:pk>/consolidate/<str:item_id>/", question.question, name="consolidate-item"),
]
