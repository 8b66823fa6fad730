from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"

    def ready(self) -> None:
        from articles import events, working_copy
        from articles.rail import section
        from core import rail
        from sync import capabilities, copies, webhooks

        capabilities.announce("articles", working_copy.FEATURE)
        copies.announce(working_copy.COPY)
        webhooks.announce("article", events.apply, prefix="art_", page="articles:detail")
        rail.announce(section, order=40)
