"""Addresses of consolidation."""

from django.urls import path

from survey.consolidating.views import overview, question

urlpatterns = [
    path("r/<int:pk>/consolidate/", overview.overview, name="consolidate"),
    path("r/<int:pk>/consolidate/agreed/", overview.agreed, name="consolidate-agreed"),
    path("r/<int:pk>/consolidate/agreed/<int:seq>/", overview.report, name="consolidate-report"),
    path("r/<int:pk>/consolidate/<str:item_id>/", question.question, name="consolidate-item"),
]
