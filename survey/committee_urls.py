"""Addresses of the committee, delegation, notices, calendar, verification and journal; included in survey.urls."""

from django.urls import path, re_path

from survey.approval.views import public_check as verification
from survey.committee.views import delegations, meetings
from survey.journal.views import province as journal
from survey.notices import views as notices
from survey.rounds.views import calendar

ROUND = "p/<str:code>/<int:year>/"
MEETING = ROUND + "meetings/<int:pk>/"

urlpatterns = [
    path(ROUND + "meetings/", meetings.listing, name="meetings"),
    path(ROUND + "meetings/new/", meetings.new, name="meeting-new"),
    path(MEETING, meetings.meeting, name="meeting"),
    path(MEETING + "edit/", meetings.edit, name="meeting-edit"),
    path(MEETING + "attendance/", meetings.attendance, name="meeting-attendance"),
    path(MEETING + "resolutions/", meetings.resolutions, name="meeting-resolutions"),
    path(MEETING + "late/", meetings.prolong, name="meeting-late"),
    path(MEETING + "cancel/", meetings.cancel, name="meeting-cancel"),
    path(MEETING + "paper/", meetings.paper, name="meeting-paper"),
    path(ROUND + "dates.ics", calendar.dates, name="calendar"),
    path(ROUND + "extend/", calendar.extend, name="round-extend"),
    path("p/<str:code>/delegations/", delegations.listing, name="delegations"),
    path("p/<str:code>/delegations/new/", delegations.new, name="delegation-new"),
    path("p/<str:code>/delegations/<int:pk>/document/", delegations.document, name="delegation-document"),
    path("p/<str:code>/delegations/<int:pk>/revoke/", delegations.revoke, name="delegation-revoke"),
    path("p/<str:code>/journal/", journal.journal, name="province-journal"),
    re_path(r"^p/(?P<code>[^/]+)/journal/export\.(?P<kind>csv|xlsx)\Z", journal.export, name="province-journal-export"),
    path("notices/", notices.listing, name="notices"),
    path("notices/read/", notices.read_all, name="notices-read"),
    path("notices/digest/", notices.digest, name="notices-digest"),
    path("notices/<int:pk>/", notices.open_one, name="notice"),
    path("mail/digest/<str:token>/", notices.stop, name="mail-stop"),
    path("verify/<uuid:public_id>/", verification.verify, name="verify"),
]
