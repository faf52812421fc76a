"""Addresses of consolidation and of threads; included in survey.urls."""

from django.urls import path

from survey.views import consolidation, consolidation_item

urlpatterns = [
    path("r/<int:pk>/consolidate/", consolidation.overview, name="consolidate"),
    path("r/<int:pk>/consolidate/agreed/", consolidation.agreed, name="consolidate-agreed"),
    path("r/<int:pk>/consolidate/agreed/<int:seq>/", consolidation.report, name="consolidate-report"),
    path("r/<int:pk>/consolidate/<str:item_id>/", consolidation_item.question, name="consolidate-item"),
]
