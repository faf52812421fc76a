"""Addresses of releases."""

from django.urls import path

from nation.releases.views import centre, released

_RELEASES = "nation/<number:year>/releases/"
urlpatterns = [
    path(_RELEASES, centre.releases, name="releases"),
    path(f"{_RELEASES}new/", centre.release_new, name="release-new"),
    path(f"{_RELEASES}<str:version>/", centre.release, name="release"),
    path(f"{_RELEASES}<str:version>/content.json", centre.release_file, name="release-file"),
    path(f"{_RELEASES}<str:version>/show/", centre.release_show, name="release-show"),
    path(f"{_RELEASES}<str:version>/withdraw/", centre.release_withdraw, name="release-withdraw"),
    path("open/<number:year>/", released.results, name="open"),
    path("open/<number:year>/method/", released.method, name="open-method"),
    path("open/<number:year>/<str:name>", released.open_file, name="open-file"),
]
