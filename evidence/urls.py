"""URL patterns of evidence."""

from django.urls import URLPattern, URLResolver, path

from evidence.attaching.views import confirming, copies, files, guide, links
from evidence.attaching.views import place as slot
from evidence.placing.views import document, library
from evidence.placing.views import place as placing
from evidence.reviewing.views import judging, queue
from evidence.scanning.views import scans
from evidence.uploading import views as uploading
from evidence.viewing.views import content, look

app_name = "evidence"
_DOCUMENT = "p/<str:code>/library/<uuid:public_id>/"
_FILE = "r/<number:pk>/evidence/file/<uuid:public_id>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("evidence/upload/", uploading.uploads, name="uploads"),
    path("evidence/upload/<uuid:public_id>/", uploading.upload, name="upload"),
    path("evidence/scans/", scans.scans, name="scans"),
    path("p/<str:code>/library/", library.library, name="library"),
    path(_DOCUMENT, document.document, name="document"),
    path(_DOCUMENT + "change/", document.change, name="document-change"),
    path(_DOCUMENT + "file/", document.content, name="document-file"),
    path(_DOCUMENT + "place/", placing.place, name="document-place"),
    path(_DOCUMENT + "remove/", document.remove, name="document-remove"),
    path(_DOCUMENT + "restore/", document.restore, name="document-restore"),
    path(_DOCUMENT + "version/", document.version, name="document-version"),
    path(_DOCUMENT + "version/<number:number>/", document.return_to, name="document-return"),
    path("r/<number:pk>/evidence/", files.listing, name="listing"),
    path("r/<number:pk>/evidence/to-confirm/", confirming.waiting, name="waiting"),
    path(
        "r/<number:pk>/evidence/to-confirm/<number:first>/<number:last>/undo/",
        confirming.unconfirm_many,
        name="unconfirm-many",
    ),
    path("r/<number:pk>/evidence/links/", links.listing, name="links"),
    path(_FILE, files.download, name="download"),
    path(_FILE + "look/", look.look, name="look"),
    path(_FILE + "look/content/", content.content, name="look-content"),
    path(_FILE + "look/find/", content.find, name="look-find"),
    path(_FILE + "look/passage/", content.passage, name="look-passage"),
    path(_FILE + "look/words/<number:number>/", content.page_words, name="look-words"),
    path(_FILE + "suggestions/", look.suggestions, name="suggestions"),
    path(_FILE + "marks/", slot.marks, name="marks"),
    path(_FILE + "marks/<number:mark_id>/", slot.mark, name="mark"),
    path(_FILE + "marks/<number:number>/restore/", slot.mark_restore, name="mark-restore"),
    path(_FILE + "date/", slot.date, name="date"),
    path(_FILE + "confirm/", confirming.confirm, name="confirm"),
    path(_FILE + "confirm/<number:number>/undo/", confirming.unconfirm, name="unconfirm"),
    path(_FILE + "copy/", copies.download, name="copy"),
    path(_FILE + "copy/keep/", copies.keep, name="copy-keep"),
    path(_FILE + "copy/remove/", copies.remove, name="copy-remove"),
    path(_FILE + "copy/<number:number>/restore/", copies.restore, name="copy-restore"),
    path(_FILE + "remove/", slot.remove, name="remove"),
    path(_FILE + "restore/", slot.restore, name="restore"),
    path(_FILE + "judge/", judging.judge, name="judge"),
    path(_FILE + "judge/<number:number>/undo/", judging.undo, name="judge-undo"),
    path("r/<number:pk>/evidence/review/", queue.review, name="review"),
    path("r/<number:pk>/evidence/review/return/", judging.send_back, name="review-return"),
    path("r/<number:pk>/next-place/", look.next_place, name="next-place"),
    path("r/<number:pk>/proof/<str:item_id>/", guide.guide, name="guide"),
    path("r/<number:pk>/evidence/<str:item_id>/", slot.slot, name="slot"),
]
