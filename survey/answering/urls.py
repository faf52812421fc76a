"""URLs of the filling page and of saving answers."""

from django.urls import path

from survey.answering.views import fill, save

urlpatterns = [
    path("r/<int:pk>/", fill.first, name="response"),
    path("r/<int:pk>/fill/<str:section>/", fill.page, name="fill"),
    path("r/<int:pk>/nav/<str:section>/", fill.nav, name="nav"),
    path("r/<int:pk>/present/<str:section>/", fill.present, name="present"),
    path("r/<int:pk>/answer/<str:item_id>/", save.save, name="answer"),
    path("r/<int:pk>/answer/<str:item_id>/restore/", save.restore, name="answer-restore"),
]
