from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('sync', '0009_capabilities'),
    ]

    operations = [
        # The tables stay where they are: the version before may still be at work.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(
                    name='CallCount',
                ),
                migrations.RemoveField(
                    model_name='keybudget',
                    name='team',
                ),
                migrations.RemoveField(
                    model_name='lanestop',
                    name='budget',
                ),
                migrations.RemoveField(
                    model_name='share',
                    name='budget',
                ),
                migrations.RemoveField(
                    model_name='outgoing',
                    name='released_by',
                ),
                migrations.RemoveField(
                    model_name='outgoing',
                    name='team',
                ),
                migrations.RemoveField(
                    model_name='outgoing',
                    name='user',
                ),
                migrations.RemoveField(
                    model_name='share',
                    name='user',
                ),
                migrations.DeleteModel(
                    name='Spending',
                ),
                migrations.DeleteModel(
                    name='LaneStop',
                ),
                migrations.DeleteModel(
                    name='KeyBudget',
                ),
                migrations.DeleteModel(
                    name='Outgoing',
                ),
                migrations.DeleteModel(
                    name='Share',
                ),
            ],
        ),
    ]
