"""Addresses of reasons and examples."""

from django.urls import path

from nation.reasons.views import coding, examples, questions

urlpatterns = [
    path("nation/<number:year>/reasons/", questions.reasons, name="reasons"),
    path("nation/<number:year>/reasons-list/", questions.codes, name="reason-codes"),
    path("nation/<number:year>/reasons-list/take/", questions.codes_take, name="reason-codes-take"),
    path("nation/<number:year>/reasons-list/<number:number>/drop/", questions.code_drop, name="reason-code-drop"),
    path(
        "nation/<number:year>/reasons-list/<number:number>/restore/",
        questions.code_restore,
        name="reason-code-restore",
    ),
    path("nation/<number:year>/reasons/<str:item>/", coding.reason, name="reason"),
    path("nation/<number:year>/reasons/<str:item>/suggested/", coding.reason_suggested, name="reason-suggested"),
    path("nation/<number:year>/reasons/<str:item>/<number:number>/undo/", coding.reason_undo, name="reason-undo"),
    path("nation/<number:year>/examples/", examples.examples, name="examples"),
    path("nation/<number:year>/examples/<str:item>/", examples.examples_of, name="examples-of"),
    path(
        "nation/<number:year>/examples/<str:item>/<number:response>/pick/", examples.example_pick, name="example-pick"
    ),
    path("nation/<number:year>/examples/<str:item>/<number:number>/drop/", examples.example_drop, name="example-drop"),
    path(
        "nation/<number:year>/examples/<str:item>/<number:number>/restore/",
        examples.example_restore,
        name="example-restore",
    ),
]
