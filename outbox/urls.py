"""Everything below /outbox/."""

from django.urls import path

from outbox import views

app_name = "outbox"

urlpatterns = [
    path("", views.outbox_list, name="list"),
    path("<int:pk>/", views.outbox_detail, name="detail"),
    path("<int:pk>/decide/", views.outbox_decide, name="decide"),
]
