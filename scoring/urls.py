"""URL configuration of scoring."""

from django.urls import path, re_path

from scoring.comparing import views as years
from scoring.engine.views import score
from scoring.externals import views as externals
from scoring.moving import views as moving
from scoring.planning.views import action_plan, efforts, plan, scenarios, what_if
from scoring.results.views import fitting, imports, joint_fitting, scheme_versions

app_name = "scoring"
urlpatterns = [
    path("r/<number:pk>/score/", score.score, name="score"),
    path("r/<number:pk>/score/panel/", score.panel, name="panel"),
    path("r/<number:pk>/score/why/<str:code>/", score.why, name="why"),
    path("r/<number:pk>/score/externals/", externals.externals, name="externals"),
    re_path(r"^r/(?P<pk>[0-9]{1,18})/score/file\.(?P<kind>xlsx)$", action_plan.plan_file, name="score-file"),
    path("r/<number:pk>/whatif/", what_if.whatif, name="whatif"),
    path("r/<number:pk>/whatif/save/", scenarios.scenario_save, name="scenario-save"),
    path("r/<number:pk>/whatif/compare/", scenarios.compare, name="compare"),
    path("r/<number:pk>/whatif/<number:scenario>/drop/", scenarios.scenario_drop, name="scenario-drop"),
    path("r/<number:pk>/whatif/<number:scenario>/restore/", scenarios.scenario_restore, name="scenario-restore"),
    path("r/<number:pk>/plan/", plan.plan, name="plan"),
    path("r/<number:pk>/plan/take/", plan.plan_take, name="plan-take"),
    path("r/<number:pk>/plan/efforts/", efforts.efforts, name="efforts"),
    path("r/<number:pk>/plan/<number:number>/", action_plan.plan_follow, name="plan-follow"),
    re_path(
        r"^r/(?P<pk>[0-9]{1,18})/plan/(?P<number>[0-9]{1,18})/file\.(?P<kind>pdf|xlsx)$",
        action_plan.plan_file,
        name="plan-file",
    ),
    path("r/<number:pk>/plan/<number:number>/drop/", action_plan.plan_drop, name="plan-drop"),
    path("r/<number:pk>/plan/<number:number>/restore/", action_plan.plan_restore, name="plan-restore"),
    path("r/<number:pk>/plan/<number:number>/<number:action>/", action_plan.plan_action, name="plan-action"),
    path("r/<number:pk>/years/", years.years, name="years"),
    path("r/<number:pk>/fit/", fitting.fit, name="fit"),
    path("p/<str:code>/<number:year>/form/", moving.form_move, name="form-move"),
    path("schemes/", scheme_versions.schemes, name="schemes"),
    path("schemes/fit/<number:year>/", joint_fitting.fit_year, name="fit-year"),
    path("schemes/<number:number>/file.yaml", scheme_versions.scheme_file, name="scheme-file"),
    path("schemes/<number:number>/use/", scheme_versions.scheme_use, name="scheme-use"),
    path("results/import/", imports.results_import, name="results-import"),
    path("results/import/store/", imports.results_store, name="results-store"),
    path("results/import/<number:number>/undo/", imports.results_undo, name="results-undo"),
    re_path(r"^results/template/(?P<year>[0-9]{4})\.xlsx$", imports.results_template, name="results-template"),
]
