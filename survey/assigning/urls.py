"""Addresses of assigning: the matrix, single assignments, lists from Excel."""

from django.urls import path

from survey.assigning.views import assignments, bulk, matrix, official, reassign

ROUND = "p/<str:code>/<number:year>/"

urlpatterns = [
    path(ROUND + "assignments/", matrix.matrix, name="assignments"),
    path(ROUND + "assignments/add/", assignments.add, name="assignment-add"),
    path(ROUND + "assignments/print/", official.printed, name="assignment-print"),
    path(ROUND + "assignments/reassign/", reassign.reassign, name="assignment-reassign"),
    path(ROUND + "assignments/template.xlsx", bulk.download, name="assignment-template"),
    path(ROUND + "assignments/import/", bulk.upload, name="assignment-import"),
    path(ROUND + "assignments/import/apply/", bulk.apply, name="assignment-apply"),
    path(ROUND + "assignments/<number:pk>/", assignments.edit, name="assignment-edit"),
    path(ROUND + "assignments/<number:pk>/remove/", assignments.remove, name="assignment-remove"),
    path(ROUND + "assignments/<slug:agency>/<str:column>/", assignments.cell, name="assignment-cell"),
]
