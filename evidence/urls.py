"""URL patterns of evidence."""

from django.urls import URLPattern, URLResolver, path

from evidence.attaching.views import files, guide
from evidence.attaching.views import place as slot
from evidence.scanning.views import scans

app_name = "evidence"
_FILE = "r/<number:pk>/evidence/file/<uuid:public_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("evidence/scans/", scans.scans, name="scans"),
    path("r/<number:pk>/evidence/", files.listing, name="listing"),
    path(_FILE, files.download, name="download"),
    path(_FILE + "marks/", slot.marks, name="marks"),
    path(_FILE + "marks/<number:mark_id>/", slot.mark, name="mark"),
    path(_FILE + "marks/<number:number>/restore/", slot.mark_restore, name="mark-restore"),
    path(_FILE + "date/", slot.date, name="date"),
    path(_FILE + "remove/", slot.remove, name="remove"),
    path(_FILE + "restore/", slot.restore, name="restore"),
    path("r/<number:pk>/proof/<str:item_id>/", guide.guide, name="guide"),
    path("r/<number:pk>/evidence/<str:item_id>/", slot.slot, name="slot"),
]
