"""What admins see of the way to cStar, below /settings/."""

from django.urls import path

from sync import views

app_name = "sync"

urlpatterns = [path("settings/budget/", views.budget_page, name="budget")]
