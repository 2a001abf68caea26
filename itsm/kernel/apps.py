from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules


class KernelConfig(AppConfig):
    name = "itsm.kernel"
    label = "kernel"
    verbose_name = "Shared kernel"

    def ready(self) -> None:
        # Each app's events.py before anything can happen, and what its forms may name.
        autodiscover_modules("events", "picks")
        from itsm.kernel import delegations, history, trigger_plans
        from itsm.kernel.models import ApiToken, Membership, RoleAssignment, Team, User
        from itsm.kernel.people import events as of_people
        from itsm.kernel.people import subscriptions
        from itsm.kernel.watching import parts
        from itsm.kernel.webhooks import events, messages

        post_migrate.connect(trigger_plans.tell, sender=self)
        self.reads = (delegations, events, messages, of_people, subscriptions, parts)
        history.takes_in(User, Membership, RoleAssignment, ApiToken)
        history.takes_in(Team, Membership, RoleAssignment)
