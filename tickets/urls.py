"""Everything below /tickets/."""

from django.urls import path

from tickets import create_views, live, message_views, views

app_name = "tickets"

urlpatterns = [
    path("", views.ticket_list, name="list"),
    path("new/", create_views.create, name="create"),
    path("search/", views.ticket_search, name="search"),
    path("live/", views.ticket_list_changes, name="live"),
    path("<cstar_id:cstar_id>/", views.ticket_detail, name="detail"),
    path("<cstar_id:cstar_id>/thread/", views.ticket_thread, name="thread"),
    path("<cstar_id:cstar_id>/details/", views.ticket_details, name="details"),
    path("<cstar_id:cstar_id>/live/", live.ticket_changes, name="live_ticket"),
    path("<cstar_id:cstar_id>/messages/", message_views.ticket_messages, name="messages"),
    path("<cstar_id:cstar_id>/edit/", views.ticket_update, name="update"),
    path("<cstar_id:cstar_id>/tags/", views.ticket_tags, name="tags"),
    path("<cstar_id:cstar_id>/notes/", views.ticket_notes, name="notes"),
    path("<cstar_id:cstar_id>/reply/", views.ticket_reply, name="reply"),
    path("<cstar_id:cstar_id>/draft/", views.ticket_draft, name="draft"),
    path("<cstar_id:cstar_id>/outgoing/", views.ticket_outgoing, name="outgoing"),
    path("<cstar_id:cstar_id>/outgoing/decide/", views.ticket_decide, name="decide"),
    path("<cstar_id:cstar_id>/source/", message_views.ticket_source, name="source"),
    path("<cstar_id:cstar_id>/history/", views.ticket_history, name="history"),
    path("<cstar_id:cstar_id>/delete/", views.ticket_delete, name="delete"),
]
