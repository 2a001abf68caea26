from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "itsm.portal"
    label = "portal"

    def ready(self) -> None:
        from itsm.kernel import navigation
        from itsm.kernel.actor import Actor
        from itsm.kernel.people.rules import may_administer
        from itsm.portal.queries import work

        navigation.add("", "My work", "home", order=1, count=lambda actor: work.counts_for(actor).total())
        navigation.recount("changes:request-waiting", lambda actor: work.counts_for(actor)["decision"])
        navigation.recount("changes:meeting-list", lambda actor: work.counts_for(actor)["meeting"])
        navigation.recount("cmdb:ci-edit-list", lambda actor: work.counts_for(actor)["edit"])

        def administers(actor: Actor) -> bool:
            return actor.is_admin

        navigation.add("Administration", "Overview", "administration", order=5, visible=administers)
        navigation.add("Administration", "People", "people", order=11, visible=administers)
        navigation.add("Administration", "Teams", "teams", order=12, visible=administers)
        navigation.add("Administration", "Tokens", "all-tokens", order=31, visible=administers, seldom=True)
        navigation.add("Administration", "Organisation", "organisation", order=40, visible=administers)
        navigation.start("New account", "person-create", may_administer)
        navigation.start("New team", "team-create", may_administer)
        navigation.add("Administration", "Ledger", "ledger", order=10)
        navigation.add("Administration", "Deliveries", "deliveries", order=20, visible=administers, seldom=True)
        navigation.add("Administration", "Webhooks", "webhooks", order=30, visible=administers, seldom=True)
        navigation.add("Administration", "Who can do what", "access", order=15, visible=administers, seldom=True)
        navigation.add("Administration", "REST API", "api:docs", order=90, seldom=True)
