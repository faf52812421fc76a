"""Addresses of consolidation."""

from django.urls import path

from survey.consolidating.views import agreed, overview, question

urlpatterns = [
    path("r/<int:pk>/consolidate/", overview.overview, name="consolidate"),
    path("r/<int:pk>/consolidate/agreed/", agreed.agreed, name="consolidate-agreed"),
    path("r/<int:pk>/consolidate/agreed/<int:seq>/", agreed.report, name="consolidate-report"),
    path("r/<int:pk>/consolidate/<str:item_id>/", question.question, name="consolidate-item"),
]
