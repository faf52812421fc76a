"""Addresses of assigning, of the coordinator's desk and of the board; included in survey.urls."""

from django.urls import path

from survey.assigning.views import assignments
from survey.assigning.views import bulk as assignment_list
from survey.carrying import views as carried
from survey.contributing.views import board, desk, steps

ROUND = "p/<str:code>/<int:year>/"

urlpatterns = [
    path(ROUND + "assignments/", assignments.matrix, name="assignments"),
    path(ROUND + "assignments/add/", assignments.add, name="assignment-add"),
    path(ROUND + "assignments/print/", assignments.printed, name="assignment-print"),
    path(ROUND + "assignments/reassign/", assignment_list.reassign, name="assignment-reassign"),
    path(ROUND + "assignments/template.xlsx", assignment_list.download, name="assignment-template"),
    path(ROUND + "assignments/import/", assignment_list.upload, name="assignment-import"),
    path(ROUND + "assignments/import/apply/", assignment_list.apply, name="assignment-apply"),
    path(ROUND + "assignments/<int:pk>/", assignments.edit, name="assignment-edit"),
    path(ROUND + "assignments/<int:pk>/remove/", assignments.remove, name="assignment-remove"),
    path(ROUND + "assignments/<slug:agency>/<str:column>/", assignments.cell, name="assignment-cell"),
    path(ROUND + "desk/", desk.desk, name="desk"),
    path(ROUND + "board/", board.board, name="board"),
    path(ROUND + "board/<slug:agency>/", board.agency, name="board-agency"),
    path(ROUND + "board/<slug:agency>/accept/", steps.accept_all, name="board-accept"),
    path(ROUND + "next/", carried.next_round, name="round-next"),
    path("r/<int:pk>/carried/", carried.listing, name="carried"),
    path("r/<int:pk>/carried/<str:item_id>/", carried.settle, name="carried-settle"),
    path(ROUND + "parts/<int:pk>/open/", desk.open_part, name="part-open"),
    path(ROUND + "parts/<int:pk>/hand-over/", steps.hand_over, name="part-hand-over"),
    path(ROUND + "parts/<int:pk>/<slug:name>/", steps.step, name="part"),
]
