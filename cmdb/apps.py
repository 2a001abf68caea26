from django.apps import AppConfig


class CmdbConfig(AppConfig):
    name = "cmdb"
    verbose_name = "Configuration"

    def ready(self) -> None:
        from cmdb import measures, rules, subscriptions
        from cmdb.models import (
            ConfigurationItem,
            HoursException,
            Relation,
            Service,
            ServiceTarget,
            SupportAccess,
        )
        from cmdb.portfolio import facts
        from cmdb.queries import edits
        from cmdb.queries.accounting import relations_at
        from itsm.kernel import history, navigation

        self.reads = (facts, measures, subscriptions)

        def waiting(actor):  # type: ignore[no-untyped-def]
            return edits.waiting_for(actor).count()

        navigation.add("Configuration", "CI edits", "cmdb:ci-edit-list", order=15, count=waiting, seldom=True)
        navigation.add("Configuration", "CIs", "cmdb:ci-list", order=10)
        navigation.add("Configuration", "CI classes", "cmdb:ci-class-list", order=20, seldom=True)
        navigation.add("Configuration", "Missing relations", "cmdb:relation-proposal-list", order=40, seldom=True)
        navigation.add("Configuration", "Imports", "cmdb:import-list", order=50)
        navigation.start("New import", "cmdb:import-create", rules.may_import)
        navigation.add("Configuration", "Services", "cmdb:service-list", order=5)
        navigation.add("Configuration", "Status accounting", "cmdb:accounting", order=60, seldom=True)
        navigation.add("Configuration", "Baselines", "cmdb:baseline-list", order=30)
        navigation.add("Configuration", "Audits", "cmdb:audit-list", order=35)
        navigation.start("New audit", "cmdb:audit-create", rules.may_audit)
        navigation.add("Configuration", "Samples", "cmdb:sample-list", order=37, seldom=True)
        navigation.add("Configuration", "Conflicts", "cmdb:conflict-list", order=45, seldom=True)
        history.takes_in(ConfigurationItem, Relation)
        # Not the rows of the weekly hours: the service itself tells them in words.
        history.takes_in(Service, HoursException, ServiceTarget, SupportAccess)
        history.links(ConfigurationItem, relations_at)
        history.calls("service_id", lambda pks: dict(Service.objects.filter(pk__in=pks).values_list("pk", "name")))
        navigation.start("New CI", "cmdb:ci-create", rules.may_edit_ci)
        navigation.start("Define a service", "cmdb:service-create", rules.may_edit_service)
