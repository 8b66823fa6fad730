import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('sync', '0010_outbox_and_budget_move_out'),
        ('teams', '0007_spent_tokens'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The tables stay where they are: the version before may still be at work.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Outgoing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('person', models.CharField(max_length=200)),
                        ('kind', models.CharField(max_length=40)),
                        ('line', models.CharField(max_length=100)),
                        ('target_id', models.CharField(blank=True, max_length=64)),
                        ('payload', models.JSONField(default=dict)),
                        ('key', models.CharField(help_text='what the Idempotency-Keys of its calls are made from', max_length=64)),
                        ('generation', models.PositiveIntegerField(default=0, help_text='goes up when a call must not be a repetition')),
                        ('answers', models.JSONField(default=dict, help_text='{step: {id, request_id}}')),
                        ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Not sent'), ('undone', 'Taken back'), ('held', 'Held back')], default='waiting', max_length=10)),
                        ('due_at', models.DateTimeField()),
                        ('next_try_at', models.DateTimeField(null=True)),
                        ('lease_until', models.DateTimeField(null=True)),
                        ('attempts', models.PositiveIntegerField(default=0)),
                        ('unsure_since', models.DateTimeField(help_text='the first try that cStar may have taken unknown to us', null=True)),
                        ('problem', models.CharField(blank=True, max_length=500)),
                        ('code', models.CharField(blank=True, max_length=100)),
                        ('request_id', models.CharField(blank=True, max_length=100)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('sent_at', models.DateTimeField(null=True)),
                        ('released_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.team')),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'db_table': 'sync_outgoing',
                        'ordering': ['due_at', 'id'],
                        'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'sending', 'failed', 'held'])), fields=['team', 'line', 'due_at', 'id'], name='outgoing_open'), models.Index(condition=models.Q(('state__in', ['waiting', 'sending'])), fields=['due_at'], name='outgoing_leaving')],
                        'constraints': [models.UniqueConstraint(fields=('team', 'key'), name='outgoing_once_per_key')],
                    },
                ),
            ],
        ),
    ]
