"""Keeps the sandbox's tables in the sandbox's database, and everything else out of it."""


class SandboxRouter:
    def db_for_read(self, model, **hints):
        return "sandbox" if model._meta.app_label == "sandbox" else "default"

    db_for_write = db_for_read

    def allow_relation(self, one, other, **hints):
        return one._meta.app_label == other._meta.app_label or "sandbox" not in (
            one._meta.app_label,
            other._meta.app_label,
        )

    def allow_migrate(self, db, app_label, **hints):
        return (db == "sandbox") == (app_label == "sandbox")
