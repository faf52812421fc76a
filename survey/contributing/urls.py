"""Addresses of the coordinator's desk, the progress board, the pages of parts and their steps."""

from django.urls import path

from survey.contributing.views import board, board_agency, desk, part_pages, stand_ins, steps, waiting, whole_form

ROUND = "p/<str:code>/<number:year>/"

urlpatterns = [
    path(ROUND + "desk/", desk.desk, name="desk"),
    path(ROUND + "board/", board.board, name="board"),
    path(ROUND + "board/<slug:agency>/", board_agency.agency, name="board-agency"),
    path(ROUND + "desk/<slug:agency>/whole/", whole_form.review, name="whole-form"),
    path(ROUND + "desk/<slug:agency>/whole/hand-in/", whole_form.hand_in, name="whole-form-hand-in"),
    path(ROUND + "waiting/", waiting.waiting, name="parts-waiting"),
    path(ROUND + "waiting/decide/", waiting.decide, name="parts-decide"),
    path(ROUND + "parts/<number:pk>/", part_pages.part, name="part-page"),
    path(ROUND + "parts/<number:pk>/review/", part_pages.review, name="part-review"),
    path(ROUND + "parts/<number:pk>/done/", part_pages.done, name="part-done"),
    path("p/<str:code>/stand-ins/<slug:agency>/", stand_ins.listing, name="stand-ins"),
    path("p/<str:code>/stand-ins/<slug:agency>/<number:pk>/end/", stand_ins.end, name="stand-in-end"),
    path(ROUND + "parts/<number:pk>/open/", desk.open_part, name="part-open"),
    path(ROUND + "parts/<number:pk>/hand-over/", steps.hand_over, name="part-hand-over"),
    path(ROUND + "parts/<number:pk>/<slug:name>/", steps.step, name="part"),
]
