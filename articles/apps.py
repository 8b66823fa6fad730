from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles.categories.resource import CATEGORIES
        from articles.resource import ARTICLES
        from replica import registry

        registry.register(CATEGORIES, ARTICLES)
