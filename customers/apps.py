from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "customers"

    def ready(self) -> None:
        from customers.resource import CUSTOMERS
        from replica import registry

        registry.register(CUSTOMERS)
