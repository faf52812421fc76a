"""Addresses of meetings and delegations."""

from django.urls import path

from survey.committee.views import attendance, delegations, meetings, resolutions

ROUND = "p/<str:code>/<int:year>/"
MEETING = ROUND + "meetings/<int:pk>/"

urlpatterns = [
    path(ROUND + "meetings/", meetings.listing, name="meetings"),
    path(ROUND + "meetings/new/", meetings.new, name="meeting-new"),
    path(MEETING, meetings.meeting, name="meeting"),
    path(MEETING + "edit/", meetings.edit, name="meeting-edit"),
    path(MEETING + "attendance/", attendance.attendance, name="meeting-attendance"),
    path(MEETING + "resolutions/", resolutions.resolutions, name="meeting-resolutions"),
    path(MEETING + "late/", resolutions.prolong, name="meeting-late"),
    path(MEETING + "cancel/", meetings.cancel, name="meeting-cancel"),
    path(MEETING + "paper/", meetings.paper, name="meeting-paper"),
    path("p/<str:code>/delegations/", delegations.listing, name="delegations"),
    path("p/<str:code>/delegations/new/", delegations.new, name="delegation-new"),
    path("p/<str:code>/delegations/<int:pk>/document/", delegations.document, name="delegation-document"),
    path("p/<str:code>/delegations/<int:pk>/revoke/", delegations.revoke, name="delegation-revoke"),
]
