"""Addresses of checking, submitting, approving, reading back, and the public check."""

from django.urls import path

from survey.approval.views import brief, changes, check, decide, public_check, reading, submit, versions

urlpatterns = [
    path("r/<int:pk>/check/", check.check, name="check"),
    path("r/<int:pk>/check/next/", check.next_point, name="next-point"),
    path("r/<int:pk>/submit/", submit.submit, name="submit"),
    path("r/<int:pk>/withdraw/", submit.withdraw, name="withdraw"),
    path("r/<int:pk>/brief/", brief.brief, name="brief"),
    path("r/<int:pk>/changes/", changes.changes, name="changes"),
    path("r/<int:pk>/approve/", decide.approve, name="approve"),
    path("r/<int:pk>/return/", decide.send_back, name="return"),
    path("r/<int:pk>/reopen/", decide.reopen, name="reopen"),
    path("r/<int:pk>/answers/", reading.answers, name="answers"),
    path("r/<int:pk>/versions/", versions.versions, name="versions"),
    path("r/<int:pk>/versions/<int:number>/", versions.version, name="version"),
    path("verify/<uuid:public_id>/", public_check.verify, name="verify"),
]
