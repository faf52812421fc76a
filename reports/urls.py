"""URL patterns of reports."""

from django.urls import URLPattern, URLResolver, path

from reports.jobs import views
from reports.system.views import metrics, state

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("r/<number:pk>/reports/", views.listing, name="list"),
    path("r/<number:pk>/reports/make/", views.make, name="make"),
    path("jobs/<uuid:public_id>/", views.job, name="job"),
    path("jobs/<uuid:public_id>/again/", views.again, name="again"),
    path("jobs/<uuid:public_id>/cancel/", views.cancel, name="cancel"),
    path("jobs/<uuid:public_id>/file/", views.download, name="download"),
    path("system/", state.state, name="system"),
    path("metrics", metrics.metrics, name="metrics"),
]
