import django.db.models.deletion
from django.db import migrations, models


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
        migrations.AddIndex("tickettag", models.Index(fields=["team", "name"], name="ticket_tags_of_team")),
    ]
