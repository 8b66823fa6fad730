import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_teams(apps, schema_editor):
    """Each row gets its customer's team."""
    tags, customers = apps.get_model("customers", "CustomerTag"), apps.get_model("customers", "Customer")
    tags.objects.update(team=Subquery(customers.objects.filter(pk=OuterRef("customer")).values("team")[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ("teams", "0002_api_address"),
        ("customers", "0002_changed"),
    ]

    operations = [
        migrations.AddField(
            "customertag",
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
            "customertag",
            "team",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="teams.team"
            ),
        ),
        migrations.RemoveIndex("customertag", "customers_c_name_7216d2_idx"),
        migrations.AddIndex("customertag", models.Index(fields=["team", "name", "customer"], name="customers_by_tag")),
    ]
