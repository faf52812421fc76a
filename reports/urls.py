"""URL patterns of reports."""

from django.urls import URLPattern, URLResolver, path

from reports.api.urls import urlpatterns as api
from reports.handover.views import making
from reports.jobs import views
from reports.jobs.overview import views as overview
from reports.letters.urls import urlpatterns as letters
from reports.offline_form.urls import urlpatterns as offline_form
from reports.system.views import metrics, state

app_name = "reports"
urlpatterns: list[URLPattern | URLResolver] = [
    path("r/<number:pk>/reports/", views.listing, name="list"),
    path("r/<number:pk>/reports/make/", views.make, name="make"),
    path("r/<number:pk>/reports/evidence/", making.make, name="hand-over"),
    path("jobs/", overview.all_jobs, name="jobs"),
    path("jobs/<uuid:public_id>/", views.job, name="job"),
    path("jobs/<uuid:public_id>/again/", views.again, name="again"),
    path("jobs/<uuid:public_id>/cancel/", views.cancel, name="cancel"),
    path("jobs/<uuid:public_id>/file/", views.download, name="download"),
    path("system/", state.state, name="system"),
    path("metrics", metrics.metrics, name="metrics"),
    *letters,
    *offline_form,
    *api,
]
