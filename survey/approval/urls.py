"""Addresses of checking, submitting, approving, reading back, and the public check."""

from django.urls import path

from survey.approval.views import brief, changes, check, decide, public_check, reading, submit, versions

urlpatterns = [
    path("r/<number:pk>/check/", check.check, name="check"),
    path("r/<number:pk>/check/next/", check.next_point, name="next-point"),
    path("r/<number:pk>/submit/", submit.submit, name="submit"),
    path("r/<number:pk>/withdraw/", submit.withdraw, name="withdraw"),
    path("r/<number:pk>/brief/", brief.brief, name="brief"),
    path("r/<number:pk>/changes/", changes.changes, name="changes"),
    path("r/<number:pk>/approve/", decide.approve, name="approve"),
    path("r/<number:pk>/return/", decide.send_back, name="return"),
    path("r/<number:pk>/reopen/", decide.reopen, name="reopen"),
    path("r/<number:pk>/answers/", reading.answers, name="answers"),
    path("r/<number:pk>/versions/", versions.versions, name="versions"),
    path("r/<number:pk>/versions/<number:number>/", versions.version, name="version"),
    path("r/<number:pk>/versions/<number:number>/content.json", versions.content, name="version-content"),
    path("verify/<uuid:public_id>/", public_check.verify, name="verify"),
    path("verify/<str:number>/", public_check.typed, name="verify-typed"),
]
