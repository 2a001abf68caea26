from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "itsm.portal"
    label = "portal"

    def ready(self) -> None:
        from itsm.kernel import navigation

        navigation.add("", "My work", "home", order=1)
        navigation.add("Administration", "Ledger", "ledger", order=10)
        navigation.add("Administration", "Deliveries", "deliveries", order=20, visible=lambda actor: actor.is_admin)
        navigation.add("Administration", "REST API", "api:docs", order=90)
