"""Addresses of consolidation and of threads; included in survey.urls."""

from django.urls import path

from survey.consolidating.views import overview as consolidation
from survey.consolidating.views import question as consolidation_item
from survey.threads import views as threads

urlpatterns = [
    path("r/<int:pk>/consolidate/", consolidation.overview, name="consolidate"),
    path("r/<int:pk>/consolidate/agreed/", consolidation.agreed, name="consolidate-agreed"),
    path("r/<int:pk>/consolidate/agreed/<int:seq>/", consolidation.report, name="consolidate-report"),
    path("r/<int:pk>/consolidate/<str:item_id>/", consolidation_item.question, name="consolidate-item"),
    path("r/<int:pk>/threads/", threads.listing, name="threads"),
    path("r/<int:pk>/threads/<int:thread>/reply/", threads.reply, name="thread-reply"),
    path("r/<int:pk>/threads/<int:thread>/resolve/", threads.resolve, name="thread-resolve"),
    path("r/<int:pk>/threads/<int:thread>/reopen/", threads.reopen, name="thread-reopen"),
    path("r/<int:pk>/threads/<str:item_id>/", threads.item, name="threads-item"),
]
