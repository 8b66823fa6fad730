"""Everything below /categories/."""

from articles.categories.resource import RIGHT
from outbox.small_views import small_urls

app_name = "categories"

urlpatterns = small_urls("categories", RIGHT)
