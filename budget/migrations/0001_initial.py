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
                    name='CallCount',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('lane', models.CharField(choices=[('write', 'Replies and edits'), ('read', 'Opening and searching'), ('feed', 'Keeping the copy true'), ('bulk', 'Imports, exports, bulk edits')], max_length=8)),
                        ('status', models.CharField(max_length=4)),
                        ('calls', models.PositiveBigIntegerField(default=0)),
                    ],
                    options={
                        'db_table': 'sync_callcount',
                        'constraints': [models.UniqueConstraint(fields=('lane', 'status'), name='one_count_per_status')],
                    },
                ),
                migrations.CreateModel(
                    name='KeyBudget',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('fingerprint', models.CharField(max_length=64, unique=True)),
                        ('limit', models.PositiveIntegerField(default=1000)),
                        ('used', models.PositiveIntegerField(default=0)),
                        ('polls', models.PositiveIntegerField(default=0, help_text='how many of them went at a pace of our own choice')),
                        ('reset_at', models.DateTimeField()),
                        ('told', models.BooleanField(default=False)),
                        ('team', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='teams.team')),
                    ],
                    options={
                        'db_table': 'sync_keybudget',
                    },
                ),
                migrations.CreateModel(
                    name='LaneStop',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('lane', models.CharField(choices=[('write', 'Replies and edits'), ('read', 'Opening and searching'), ('feed', 'Keeping the copy true'), ('bulk', 'Imports, exports, bulk edits')], max_length=8)),
                        ('until', models.DateTimeField()),
                        ('budget', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='stops', to='budget.keybudget')),
                    ],
                    options={
                        'db_table': 'sync_lanestop',
                        'constraints': [models.UniqueConstraint(fields=('budget', 'lane'), name='one_stop_per_lane')],
                    },
                ),
                migrations.CreateModel(
                    name='Share',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('lane', models.CharField(choices=[('write', 'Replies and edits'), ('read', 'Opening and searching'), ('feed', 'Keeping the copy true'), ('bulk', 'Imports, exports, bulk edits')], max_length=8)),
                        ('since', models.DateTimeField()),
                        ('calls', models.PositiveIntegerField(default=0)),
                        ('budget', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='budget.keybudget')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'db_table': 'sync_share',
                        'constraints': [models.UniqueConstraint(fields=('budget', 'user', 'lane'), name='one_share_per_lane')],
                    },
                ),
                migrations.CreateModel(
                    name='Spending',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('hour', models.DateTimeField()),
                        ('lane', models.CharField(choices=[('write', 'Replies and edits'), ('read', 'Opening and searching'), ('feed', 'Keeping the copy true'), ('bulk', 'Imports, exports, bulk edits')], max_length=8)),
                        ('purpose', models.CharField(max_length=40)),
                        ('person', models.CharField(blank=True, max_length=200)),
                        ('calls', models.PositiveIntegerField(default=0)),
                        ('budget', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spendings', to='budget.keybudget')),
                    ],
                    options={
                        'db_table': 'sync_spending',
                        'constraints': [models.UniqueConstraint(fields=('budget', 'hour', 'lane', 'purpose', 'person'), name='one_count_per_purpose')],
                    },
                ),
            ],
        ),
    ]
