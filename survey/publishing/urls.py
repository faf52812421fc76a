"""URLs of the files of a year: their list and upload, a version of a form, a file of a scheme or of links."""

from django.urls import path

from survey.publishing.views import data_file, differences, files, form, official_text, preview

_FORM = "year-files/forms/<number:number>/"
_FILE = "year-files/<number:number>/"

urlpatterns = [
    path("year-files/", files.files, name="year-files"),
    path("year-files/shipped/<str:kind>/<str:name>", files.shipped, name="year-files-shipped"),
    path(_FORM, form.form, name="year-form"),
    path(f"{_FORM}file.yaml", form.download, name="year-form-file"),
    path(f"{_FORM}publish/", form.publish, name="year-form-publish"),
    path(f"{_FORM}differences/", differences.of_form, name="year-form-differences"),
    path(f"{_FORM}official-text/", official_text.official_text, name="year-form-official"),
    path(f"{_FORM}preview/", preview.first, name="year-form-preview-first"),
    path(f"{_FORM}preview/<str:section>/", preview.preview, name="year-form-preview"),
    path(_FILE, data_file.data_file, name="year-file"),
    path(f"{_FILE}file.yaml", data_file.download, name="year-file-text"),
    path(f"{_FILE}publish/", data_file.publish, name="year-file-publish"),
    path(f"{_FILE}differences/", differences.of_file, name="year-file-differences"),
]
