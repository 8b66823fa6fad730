from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles import replica, webhook_events
        from articles.navigation import section
        from core import navigation
        from replica import capabilities, upsert, webhooks

        capabilities.announce("articles", replica.FEATURE)
        upsert.announce(replica.COPY)
        webhooks.announce("article", webhook_events.apply, prefix="art_", page="articles:detail")
        navigation.announce(section, order=40)
