from django.apps import AppConfig


class ReplicaConfig(AppConfig):
    name = "replica"
    label = "sync"  # as its tables and migrations have been called from the beginning

    def ready(self) -> None:
        from budget import client
        from replica import cstar_time, echo, tasks, worker_hooks
        from teams import access

        client.observe(cstar_time.learn)
        client.observe(echo.remember_answer)
        worker_hooks.register(tasks.start_clocks)
        access.read_along("team__state")
