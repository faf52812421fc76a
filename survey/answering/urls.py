"""URLs of the filling page and of saving answers, what is asked most first."""

from django.urls import path

from survey.answering.views import fill, save

urlpatterns = [
    path("r/<number:pk>/fill/<str:section>/", fill.page, name="fill"),
    path("r/<number:pk>/answer/<str:item_id>/", save.save, name="answer"),
    path("r/<number:pk>/", fill.first, name="response"),
    path("r/<number:pk>/nav/<str:section>/", fill.nav, name="nav"),
    path("r/<number:pk>/present/<str:section>/", fill.present, name="present"),
    path("r/<number:pk>/answer/<str:item_id>/restore/", save.restore, name="answer-restore"),
]
