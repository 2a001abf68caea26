from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "itsm.portal"
    label = "portal"

    def ready(self) -> None:
        from itsm.kernel import navigation
        from itsm.portal.queries import work

        navigation.add("", "My work", "home", order=1, count=lambda actor: work.counts_for(actor).total())
        navigation.recount("changes:request-waiting", lambda actor: work.counts_for(actor)["decision"])
        navigation.add("Administration", "Ledger", "ledger", order=10)
        navigation.add("Administration", "Deliveries", "deliveries", order=20, visible=lambda actor: actor.is_admin)
        navigation.add("Administration", "Webhooks", "webhooks", order=30, visible=lambda actor: actor.is_admin)
        navigation.add("Administration", "Who can do what", "access", order=15, visible=lambda actor: actor.is_admin)
        navigation.add("Administration", "REST API", "api:docs", order=90)
