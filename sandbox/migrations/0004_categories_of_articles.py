"""Makes a category of each name that the articles of an older database use, not public, in the order of names."""

from itertools import count, groupby

from django.db import migrations
from django.utils import timezone
from django.utils.text import slugify


def add_categories(apps, schema_editor):
    alias = schema_editor.connection.alias
    article, category = (apps.get_model('sandbox', name) for name in ('Article', 'Category'))
    used = article.objects.using(alias).exclude(category=None).values_list('team', 'category').distinct()
    for team, pairs in groupby(sorted(used), key=lambda pair: pair[0]):
        rows, slugs = {}, set(category.objects.using(alias).filter(team=team).values_list('slug', flat=True))
        for _, name in pairs:
            # Names that differ in case alone are one category.
            if name.lower() not in rows:
                rows[name.lower()] = _category(category, team, name, len(rows), slugs)
        category.objects.using(alias).bulk_create(rows.values(), ignore_conflicts=True)


def _category(model, team, name, place, slugs):
    """A row, not saved; its slug is added to `slugs`, those of the team that are taken."""
    slug = slugify(name)[:100] or 'category'
    if slug in slugs:
        slug = next(each for each in (f'{slug}-{number}' for number in count(2)) if each not in slugs)
    slugs.add(slug)
    moment = timezone.now()
    return model(
        team_id=team,
        name=name,
        name_key=name.lower(),
        slug=slug,
        sort_order=place,
        created_at=moment,
        updated_at=moment,
    )


class Migration(migrations.Migration):

    dependencies = [
        ('sandbox', '0003_categories'),
    ]

    operations = [
        migrations.RunPython(add_categories, migrations.RunPython.noop),
    ]
