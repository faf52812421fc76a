"""URLs of comment threads."""

from django.urls import path

from survey.threads.views import pages

urlpatterns = [
    path("r/<int:pk>/threads/", pages.listing, name="threads"),
    path("r/<int:pk>/threads/<int:thread>/reply/", pages.reply, name="thread-reply"),
    path("r/<int:pk>/threads/<int:thread>/resolve/", pages.resolve, name="thread-resolve"),
    path("r/<int:pk>/threads/<int:thread>/reopen/", pages.reopen, name="thread-reopen"),
    path("r/<int:pk>/threads/<str:item_id>/", pages.item, name="threads-item"),
]
