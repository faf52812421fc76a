"""Addresses of the right of reply: the centre's queue and decisions, a province's result and objections."""

from django.urls import path

from nation.replies.views import centre, province

urlpatterns = [
    path("nation/<number:year>/replies/", centre.replies, name="replies"),
    path("nation/<number:year>/replies/window/", centre.reply_window, name="reply-window"),
    path("nation/<number:year>/replies/<number:number>/", centre.reply_decide, name="reply-decide"),
    path("p/<str:code>/<number:year>/reply/", province.reply, name="reply"),
    path("p/<str:code>/<number:year>/reply/file/<number:number>/", province.objection_file, name="objection-file"),
    path("p/<str:code>/<number:year>/reply/<str:sub>/", province.objection_edit, name="objection-edit"),
    path(
        "p/<str:code>/<number:year>/reply/<str:sub>/withdraw/", province.objection_withdraw, name="objection-withdraw"
    ),
]
