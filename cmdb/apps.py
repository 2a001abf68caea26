from django.apps import AppConfig


class CmdbConfig(AppConfig):
    name = "cmdb"
    verbose_name = "Configuration"

    def ready(self) -> None:
        from cmdb import rules
        from itsm.kernel import navigation

        navigation.add("Configuration", "CIs", "cmdb:ci-list", order=10)
        navigation.add("Configuration", "CI classes", "cmdb:ci-class-list", order=20)
        navigation.add("Configuration", "Services", "cmdb:service-list", order=5)
        navigation.start("New CI", "cmdb:ci-create", rules.may_edit_ci)
        navigation.start("Define a service", "cmdb:service-create", rules.may_edit_service)
