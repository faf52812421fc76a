"""URL configuration of scoring."""

from django.urls import path, re_path

from scoring.comparing import views as years
from scoring.engine.views import score
from scoring.externals import views as externals
from scoring.planning.views import action_plan, efforts, plan, scenarios, what_if
from scoring.results.views import fitting, imports, scheme_versions

app_name = "scoring"
urlpatterns = [
    path("r/<int:pk>/score/", score.score, name="score"),
    path("r/<int:pk>/score/panel/", score.panel, name="panel"),
    path("r/<int:pk>/score/why/<str:code>/", score.why, name="why"),
    path("r/<int:pk>/score/externals/", externals.externals, name="externals"),
    re_path(r"^r/(?P<pk>\d+)/score/file\.(?P<kind>xlsx)$", action_plan.plan_file, name="score-file"),
    path("r/<int:pk>/whatif/", what_if.whatif, name="whatif"),
    path("r/<int:pk>/whatif/save/", scenarios.scenario_save, name="scenario-save"),
    path("r/<int:pk>/whatif/compare/", scenarios.compare, name="compare"),
    path("r/<int:pk>/whatif/<int:scenario>/drop/", scenarios.scenario_drop, name="scenario-drop"),
    path("r/<int:pk>/whatif/<int:scenario>/restore/", scenarios.scenario_restore, name="scenario-restore"),
    path("r/<int:pk>/plan/", plan.plan, name="plan"),
    path("r/<int:pk>/plan/take/", plan.plan_take, name="plan-take"),
    path("r/<int:pk>/plan/efforts/", efforts.efforts, name="efforts"),
    path("r/<int:pk>/plan/<int:number>/", action_plan.plan_follow, name="plan-follow"),
    re_path(r"^r/(?P<pk>\d+)/plan/(?P<number>\d+)/file\.(?P<kind>pdf|xlsx)$", action_plan.plan_file, name="plan-file"),
    path("r/<int:pk>/plan/<int:number>/drop/", action_plan.plan_drop, name="plan-drop"),
    path("r/<int:pk>/plan/<int:number>/restore/", action_plan.plan_restore, name="plan-restore"),
    path("r/<int:pk>/plan/<int:number>/<int:action>/", action_plan.plan_action, name="plan-action"),
    path("r/<int:pk>/years/", years.years, name="years"),
    path("r/<int:pk>/fit/", fitting.fit, name="fit"),
    path("schemes/", scheme_versions.schemes, name="schemes"),
    path("schemes/<int:number>/file.yaml", scheme_versions.scheme_file, name="scheme-file"),
    path("schemes/<int:number>/use/", scheme_versions.scheme_use, name="scheme-use"),
    path("results/import/", imports.results_import, name="results-import"),
]
