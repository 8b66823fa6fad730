import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_teams(apps, schema_editor):
    """Each row gets its ticket's team."""
    tags, tickets = apps.get_model("tickets", "TicketTag"), apps.get_model("tickets", "Ticket")
    tags.objects.update(team=Subquery(tickets.objects.filter(pk=OuterRef("ticket")).values("team")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("teams", "0002_api_address"),
        ("tickets", "0005_drafts"),
    ]

    operations = [
        migrations.AddField(
            "tickettag",
            "team",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="teams.team",
            ),
        ),
        migrations.RunPython(name_teams, migrations.RunPython.noop, elidable=True),
        migrations.AlterField(
            "tickettag",
            "team",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.team"
            ),
        ),
        migrations.RemoveIndex("tickettag", "tickets_tic_name_541ce5_idx"),
        migrations.AddIndex("tickettag", models.Index(fields=["team", "name", "ticket"], name="tickets_by_tag")),
    ]
