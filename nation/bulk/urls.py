"""Addresses of bulk acts."""

from django.urls import path

from nation.bulk.views import act, acts, imports, message, scores

ACT = "nation/<number:year>/act/"

urlpatterns = [
    path(ACT, acts.acts, name="acts"),
    path(ACT + "preview/", acts.act_preview, name="act-preview"),
    path(ACT + "message/", message.message, name="message"),
    path(ACT + "import/", imports.act_import, name="act-import"),
    path(ACT + "import/template/", imports.act_import_template, name="act-import-template"),
    path(ACT + "scores/", scores.scores, name="scores"),
    path(ACT + "scores/template/", scores.scores_template, name="scores-template"),
    path(ACT + "<number:number>/choose/", scores.scores_choose, name="scores-choose"),
    path(ACT + "<number:number>/", act.act, name="act"),
    path(ACT + "<number:number>/do/", act.act_do, name="act-do"),
    path(ACT + "<number:number>/undo/", act.act_undo, name="act-undo"),
]
