"""Addresses of meetings, the committee's register and delegations."""

from django.urls import path

from survey.committee.views import (
    amendments,
    attendance,
    conclusion,
    delegations,
    meetings,
    opinions,
    papers,
    register,
    resolutions,
)

ROUND = "p/<str:code>/<number:year>/"
MEETING = ROUND + "meetings/<number:pk>/"

urlpatterns = [
    path(ROUND + "meetings/", meetings.listing, name="meetings"),
    path(ROUND + "meetings/new/", meetings.new, name="meeting-new"),
    path(MEETING, meetings.meeting, name="meeting"),
    path(MEETING + "edit/", meetings.edit, name="meeting-edit"),
    path(MEETING + "attendance/", attendance.attendance, name="meeting-attendance"),
    path(MEETING + "resolutions/", resolutions.resolutions, name="meeting-resolutions"),
    path(MEETING + "late/", resolutions.prolong, name="meeting-late"),
    path(MEETING + "cancel/", meetings.cancel, name="meeting-cancel"),
    path(MEETING + "opinions/", opinions.opinions, name="meeting-opinions"),
    path(MEETING + "conclude/", conclusion.conclude, name="meeting-conclude"),
    path(MEETING + "amend/", amendments.subjects, name="meeting-amend"),
    path(MEETING + "amend/<str:subject>/", amendments.amend, name="meeting-amend-subject"),
    path(MEETING + "paper/", papers.paper, name="meeting-paper"),
    path(MEETING + "paper/<uuid:public_id>/", papers.tabled, name="meeting-tabled"),
    path("p/<str:code>/committee/", register.register, name="register"),
    path("p/<str:code>/committee/new/", register.new_order, name="register-new"),
    path("p/<str:code>/committee/<number:pk>/", register.register, name="register-order"),
    path("p/<str:code>/committee/<number:pk>/edit/", register.edit_order, name="register-edit"),
    path("p/<str:code>/committee/<number:pk>/members/new/", register.new_member, name="register-member-new"),
    path("p/<str:code>/committee/<number:pk>/members/<number:member>/", register.edit_member, name="register-member"),
    path("p/<str:code>/delegations/", delegations.listing, name="delegations"),
    path("p/<str:code>/delegations/new/", delegations.new, name="delegation-new"),
    path("p/<str:code>/delegations/<number:pk>/document/", delegations.document, name="delegation-document"),
    path("p/<str:code>/delegations/<number:pk>/revoke/", delegations.revoke, name="delegation-revoke"),
]
