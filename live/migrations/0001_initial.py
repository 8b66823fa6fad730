import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('dashboard', '0002_presence_moves_out'),
        ('teams', '0007_spent_tokens'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The tables stay where they are: the version before may still be at work.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Presence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('page', models.CharField(max_length=64, verbose_name="the page's own key")),
                        ('about', models.CharField(max_length=64, verbose_name='cStar id of what is open')),
                        ('typing', models.CharField(blank=True, choices=[('reply', 'is writing a reply'), ('note', 'is writing a note')], max_length=8)),
                        ('until', models.DateTimeField()),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.team')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'db_table': 'dashboard_presence',
                        'indexes': [models.Index(fields=['team', 'until'], name='dashboard_p_team_id_3eb9ac_idx')],
                        'constraints': [models.UniqueConstraint(fields=('user', 'page'), name='presence_once_per_page')],
                    },
                ),
            ],
        ),
    ]
