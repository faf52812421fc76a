"""Addresses of years that each agency answers for itself: the centre's page, a province's, their files."""

from django.urls import URLPattern, path

from nation.agency_rounds.views import nation, province

_NATION = "nation/<number:year>/agencies/"
_PROVINCE = "p/<str:code>/<number:year>/agencies/"
urlpatterns: list[URLPattern] = [
    path(_NATION, nation.page, name="agency-year"),
    path(f"{_NATION}data.csv", nation.as_csv, name="agency-year-csv"),
    path(f"{_NATION}data.json", nation.as_json, name="agency-year-json"),
    path(_PROVINCE, province.page, name="agency-round"),
    path(f"{_PROVINCE}ask/", province.ask, name="agency-round-ask"),
    path(f"{_PROVINCE}data.csv", province.as_csv, name="agency-round-csv"),
    path(f"{_PROVINCE}data.json", province.as_json, name="agency-round-json"),
]
