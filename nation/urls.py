"""URL configuration of nation."""

from nation.bulk import urls as bulk
from nation.desk import urls as desk
from nation.replies import urls as replies

app_name = "nation"
urlpatterns = [*desk.urlpatterns, *bulk.urlpatterns, *replies.urlpatterns]
