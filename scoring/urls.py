"""Addresses of scoring."""

from django.urls import path

from scoring.views import score

app_name = "scoring"
urlpatterns = [
    path("r/<int:pk>/score/", score.score, name="score"),
    path("r/<int:pk>/score/panel/", score.panel, name="panel"),
    path("r/<int:pk>/score/externals/", score.externals, name="externals"),
]
