"""Addresses of threads."""

from django.urls import path

from survey.threads import views

urlpatterns = [
    path("r/<int:pk>/threads/", views.listing, name="threads"),
    path("r/<int:pk>/threads/<int:thread>/reply/", views.reply, name="thread-reply"),
    path("r/<int:pk>/threads/<int:thread>/resolve/", views.resolve, name="thread-resolve"),
    path("r/<int:pk>/threads/<int:thread>/reopen/", views.reopen, name="thread-reopen"),
    path("r/<int:pk>/threads/<str:item_id>/", views.item, name="threads-item"),
]
