"""Everything below /articles/."""

from django.urls import path

from articles import views

app_name = "articles"

urlpatterns = [
    path("", views.article_list, name="list"),
    path("live/", views.article_list_changes, name="live"),
    path("<cstar_id:cstar_id>/", views.article_detail, name="detail"),
    path("<cstar_id:cstar_id>/history/", views.article_history, name="history"),
]
