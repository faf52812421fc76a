"""Addresses of scoring."""

from django.urls import path, re_path

from scoring.comparing import views as years
from scoring.engine.views import score
from scoring.externals import views as externals
from scoring.planning.views import plan
from scoring.planning.views import what_if as whatif
from scoring.results.views import fitting, imports

app_name = "scoring"
urlpatterns = [
    path("r/<int:pk>/score/", score.score, name="score"),
    path("r/<int:pk>/score/panel/", score.panel, name="panel"),
    path("r/<int:pk>/score/why/<str:code>/", score.why, name="why"),
    path("r/<int:pk>/score/externals/", externals.externals, name="externals"),
    re_path(r"^r/(?P<pk>\d+)/score/file\.(?P<kind>xlsx)$", plan.plan_file, name="score-file"),
    path("r/<int:pk>/whatif/", whatif.whatif, name="whatif"),
    path("r/<int:pk>/whatif/save/", whatif.scenario_save, name="scenario-save"),
    path("r/<int:pk>/whatif/compare/", whatif.compare, name="compare"),
    path("r/<int:pk>/whatif/<int:scenario>/drop/", whatif.scenario_drop, name="scenario-drop"),
    path("r/<int:pk>/plan/", plan.plan, name="plan"),
    path("r/<int:pk>/plan/take/", plan.plan_take, name="plan-take"),
    path("r/<int:pk>/plan/efforts/", plan.efforts, name="efforts"),
    path("r/<int:pk>/plan/<int:number>/", plan.plan_follow, name="plan-follow"),
    re_path(r"^r/(?P<pk>\d+)/plan/(?P<number>\d+)/file\.(?P<kind>pdf|xlsx)$", plan.plan_file, name="plan-file"),
    path("r/<int:pk>/plan/<int:number>/drop/", plan.plan_drop, name="plan-drop"),
    path("r/<int:pk>/plan/<int:number>/<int:action>/", plan.plan_action, name="plan-action"),
    path("r/<int:pk>/years/", years.years, name="years"),
    path("r/<int:pk>/fit/", fitting.fit, name="fit"),
    path("schemes/", fitting.schemes, name="schemes"),
    path("schemes/<int:number>/file.yaml", fitting.scheme_file, name="scheme-file"),
    path("schemes/<int:number>/use/", fitting.scheme_use, name="scheme-use"),
    path("results/import/", imports.results_import, name="results-import"),
]
