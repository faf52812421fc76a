"""URL configuration of nation."""

from nation.bulk import urls as bulk

app_name = "nation"
urlpatterns = [*bulk.urlpatterns]
