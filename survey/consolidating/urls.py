"""Addresses of consolidation."""

from django.urls import path

from survey.consolidating.views import agreed, overview, question

urlpatterns = [
    path("r/<number:pk>/consolidate/", overview.overview, name="consolidate"),
    path("r/<number:pk>/consolidate/agreed/", agreed.agreed, name="consolidate-agreed"),
    path("r/<number:pk>/consolidate/agreed/<number:seq>/", agreed.report, name="consolidate-report"),
    path("r/<number:pk>/consolidate/<str:item_id>/", question.question, name="consolidate-item"),
]
