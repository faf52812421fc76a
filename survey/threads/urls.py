"""URLs of comment threads."""

from django.urls import path

from survey.threads.views import pages

urlpatterns = [
    path("r/<number:pk>/threads/", pages.listing, name="threads"),
    path("r/<number:pk>/threads/<number:thread>/reply/", pages.reply, name="thread-reply"),
    path("r/<number:pk>/threads/<number:thread>/resolve/", pages.resolve, name="thread-resolve"),
    path("r/<number:pk>/threads/<number:thread>/reopen/", pages.reopen, name="thread-reopen"),
    path("r/<number:pk>/threads/<str:item_id>/", pages.item, name="threads-item"),
]
