"""URL patterns of the national report."""

from django.urls import URLPattern, path

from nation.national.views import files, pages

_REPORT = "nation/<number:year>/report/"
urlpatterns: list[URLPattern] = [
    path(_REPORT, pages.report, name="report"),
    path(f"{_REPORT}make/", files.make, name="report-make"),
    path(f"{_REPORT}data.csv", files.as_csv, name="report-csv"),
    path(f"{_REPORT}data.json", files.as_json, name="report-json"),
    path(f"{_REPORT}<str:section>/", pages.section, name="report-section"),
    path(f"{_REPORT}<str:block>/<str:row>/", pages.row, name="report-row"),
    path(f"{_REPORT}<str:block>/<str:row>/<str:part>/", pages.row, name="report-part"),
]
