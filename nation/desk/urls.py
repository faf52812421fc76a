"""Addresses of the centre's desk."""

from django.urls import path

from nation.desk.views import export, table

urlpatterns = [
    path("nation/", table.newest, name="newest"),
    path("nation/<number:year>/", table.desk, name="desk"),
    path("nation/<number:year>/provinces.xlsx", export.export, name="desk-export"),
]
