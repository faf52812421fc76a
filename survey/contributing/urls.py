"""Addresses of the coordinator's desk, the progress board and the steps of parts."""

from django.urls import path

from survey.contributing.views import board, board_agency, desk, steps

ROUND = "p/<str:code>/<int:year>/"

urlpatterns = [
    path(ROUND + "desk/", desk.desk, name="desk"),
    path(ROUND + "board/", board.board, name="board"),
    path(ROUND + "board/<slug:agency>/", board_agency.agency, name="board-agency"),
    path(ROUND + "board/<slug:agency>/accept/", steps.accept_all, name="board-accept"),
    path(ROUND + "parts/<int:pk>/open/", desk.open_part, name="part-open"),
    path(ROUND + "parts/<int:pk>/hand-over/", steps.hand_over, name="part-hand-over"),
    path(ROUND + "parts/<int:pk>/<slug:name>/", steps.step, name="part"),
]
