"""Addresses of the guides."""

from django.urls import path

from survey.guides import views

urlpatterns = [
    path("help/", views.index, name="help"),
    path("help/glossary/", views.glossary, name="glossary"),
    path("help/<slug:slug>/", views.guide, name="guide"),
]
