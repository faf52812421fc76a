"""Addresses of checking, submitting, approving and reading back; included in survey.urls."""

from django.urls import path

from survey.approval.views import brief, check, versions
from survey.approval.views import decide as approval
from survey.journal.views import history

urlpatterns = [
    path("r/<int:pk>/check/", check.check, name="check"),
    path("r/<int:pk>/submit/", check.submit, name="submit"),
    path("r/<int:pk>/withdraw/", check.withdraw, name="withdraw"),
    path("r/<int:pk>/brief/", brief.brief, name="brief"),
    path("r/<int:pk>/approve/", approval.approve, name="approve"),
    path("r/<int:pk>/return/", approval.send_back, name="return"),
    path("r/<int:pk>/reopen/", approval.reopen, name="reopen"),
    path("r/<int:pk>/history/<str:item_id>/", history.history, name="history"),
    path("r/<int:pk>/journal/", history.journal, name="journal"),
    path("r/<int:pk>/answers/", versions.answers, name="answers"),
    path("r/<int:pk>/versions/", versions.versions, name="versions"),
    path("r/<int:pk>/versions/<int:number>/", versions.version, name="version"),
]
