"""Addresses of survey."""

from django.urls import path

from survey import committee_urls, consolidation_urls, desk_urls, workflow_urls
from survey.answering.views import fill
from survey.answering.views import save as answers
from survey.rounds.views import home, rounds

app_name = "survey"
urlpatterns = [
    path("", home.home, name="home"),
    path("p/<str:code>/rounds/", rounds.rounds, name="rounds"),
    path("p/<str:code>/rounds/new/", rounds.open_round, name="round-new"),
    path("p/<str:code>/<int:year>/", home.overview, name="round"),
    path("p/<str:code>/<int:year>/dates/", rounds.change_round, name="round-edit"),
    path("r/<int:pk>/", fill.first, name="response"),
    path("r/<int:pk>/fill/<str:section>/", fill.page, name="fill"),
    path("r/<int:pk>/nav/<str:section>/", fill.nav, name="nav"),
    path("r/<int:pk>/present/<str:section>/", fill.present, name="present"),
    path("r/<int:pk>/answer/<str:item_id>/", answers.save, name="answer"),
    *workflow_urls.urlpatterns,
    *desk_urls.urlpatterns,
    *consolidation_urls.urlpatterns,
    *committee_urls.urlpatterns,
]
