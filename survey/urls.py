"""URLs of the survey app: those of its rooms, the filling page first since it is requested most."""

from survey.answering import urls as answering
from survey.approval import urls as approval
from survey.assigning import urls as assigning
from survey.carrying import urls as carrying
from survey.committee import urls as committee
from survey.consolidating import urls as consolidating
from survey.contributing import urls as contributing
from survey.entry import urls as entry
from survey.first_page import urls as first_page
from survey.guides import urls as guides
from survey.journal import urls as journal
from survey.notices import urls as notices
from survey.publishing import urls as publishing
from survey.rounds import urls as rounds
from survey.threads import urls as threads

app_name = "survey"
urlpatterns = [
    *answering.urlpatterns,
    *first_page.urlpatterns,
    *rounds.urlpatterns,
    *assigning.urlpatterns,
    *contributing.urlpatterns,
    *entry.urlpatterns,
    *threads.urlpatterns,
    *consolidating.urlpatterns,
    *committee.urlpatterns,
    *approval.urlpatterns,
    *journal.urlpatterns,
    *notices.urlpatterns,
    *carrying.urlpatterns,
    *guides.urlpatterns,
    *publishing.urlpatterns,
]
