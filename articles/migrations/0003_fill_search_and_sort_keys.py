from django.db import migrations

from core.column_backfill import fill
from core.folding import each_once, fold, sort_key

CONTENT_LENGTH = 100_000


def fill_articles(apps, schema_editor):
    articles = apps.get_model("articles", "Article").objects.filter(columns_at=None)
    fill(articles.only("title", "category", "cstar_id", "tags", "payload", "changed"), values)


def values(article):
    tags = each_once(article.tags)
    title = article.title if article.title != article.cstar_id else ""
    content = article.payload.get("content")
    content = content[:CONTENT_LENGTH] if isinstance(content, str) else ""
    return {
        "columns_at": article.changed,
        "folded": fold(" ".join([title, article.category, *tags, content])),
        "title_key": sort_key(article.title),
        "category_key": sort_key(article.category),
        "tags": tags,
    }


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("articles", "0002_search_and_sort_keys"),
    ]

    operations = [
        migrations.RunPython(fill_articles, migrations.RunPython.noop, elidable=True),
    ]
