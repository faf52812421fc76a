"""URL configuration of nation."""

from nation.agency_rounds import urls as agency_rounds
from nation.bulk import urls as bulk
from nation.desk import urls as desk
from nation.national import urls as national
from nation.reasons import urls as reasons
from nation.releases import urls as releases
from nation.replies import urls as replies

app_name = "nation"
urlpatterns = [
    *desk.urlpatterns,
    *agency_rounds.urlpatterns,
    *bulk.urlpatterns,
    *national.urlpatterns,
    *reasons.urlpatterns,
    *releases.urlpatterns,
    *replies.urlpatterns,
]
