"""Everything below /transfers/."""

from django.urls import path

from transfers import bulk_views, export_views, import_views, views

app_name = "transfers"

urlpatterns = [
    path("", views.run_list, name="list"),
    path("import/", import_views.import_upload, name="upload"),
    path("bulk/<slug:resource>/", bulk_views.bulk_select, name="select"),
    path("export/<slug:resource>/", export_views.export_prepare, name="export"),
    path("<uuid:run_id>/", views.run_detail, name="run"),
    path("<uuid:run_id>/file", export_views.export_file, name="file"),
    path("<uuid:run_id>/control/", views.run_control, name="control"),
    path("<uuid:run_id>/receipt.csv", views.run_receipt, name="receipt"),
    path("<uuid:run_id>/undo/", views.run_undo, name="make_undo"),
    path("<uuid:run_id>/undo/start/", views.undo_start, name="undo"),
    path("<uuid:run_id>/again/", views.run_again, name="again"),
    path("<uuid:run_id>/import/", import_views.import_prepare, name="import"),
    path("<uuid:run_id>/ids.csv", import_views.import_ids, name="ids"),
    path("<uuid:run_id>/failed.csv", import_views.import_failed, name="failed"),
    path("<uuid:run_id>/bulk/", bulk_views.bulk_prepare, name="bulk"),
]
