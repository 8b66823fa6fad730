"""Everything below /customers/."""

from django.urls import path

from customers import views

app_name = "customers"

urlpatterns = [
    path("", views.customer_list, name="list"),
    path("live/", views.customer_list_changes, name="live"),
    path("new/", views.customer_create, name="create"),
    path("<cstar_id:cstar_id>/", views.customer_detail, name="detail"),
    path("<cstar_id:cstar_id>/edit/", views.customer_update, name="update"),
    path("<cstar_id:cstar_id>/history/", views.customer_history, name="history"),
    path("<cstar_id:cstar_id>/delete/", views.customer_delete, name="delete"),
]
