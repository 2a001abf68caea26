from importlib import import_module

from django.apps import AppConfig

# Measures, panels, messages and the like are known once the module that declares them was read.
DECLARING = (
    "calendar", "cdevents_out", "dora_measures", "engagements", "measures", "metrics", "panels", "portfolio",
    "service_measures", "subscriptions",
)  # fmt: skip


class TransitionConfig(AppConfig):
    name = "transition"
    verbose_name = "Transition"

    def ready(self) -> None:
        from itsm.kernel import navigation
        from transition.rules.operation import may_log, may_report

        self.reads = [import_module(f"transition.{name}") for name in DECLARING]
        navigation.add("Transition", "Services", "transition:dashboard-list", order=10)
        navigation.add("Transition", "Plans", "transition:plan-list", order=20)
        navigation.add("Transition", "Packages", "transition:package-list", order=30, seldom=True)
        navigation.add("Transition", "Streams", "transition:stream-list", order=40)
        navigation.add("Transition", "Hand-overs", "transition:need-list", order=45, seldom=True)
        navigation.add("Transition", "Absences", "transition:absence-list", order=47, seldom=True)
        navigation.add("Transition", "Requirements", "transition:requirement-list", order=50, seldom=True)
        navigation.add("Transition", "Deployments", "transition:deployment-list", order=60)
        navigation.add("Transition", "Pipeline events", "transition:pipeline-event-list", order=65, seldom=True)
        navigation.add("Transition", "Acceptance", "transition:acceptance-list", order=70)
        navigation.add("Transition", "Gaps", "transition:gap-list", order=80, seldom=True)
        navigation.add("Reports", "Delivery figures", "transition:dora", order=10)
        navigation.add("Operate & improve", "Incidents", "transition:incident-list", order=10)
        navigation.start("Report an incident", "transition:incident-create", may_report)
        navigation.start("Log an improvement", "transition:improvement-create", may_log)
        navigation.add("Operate & improve", "Meetings", "transition:meeting-list", order=20)
        navigation.add("Operate & improve", "Improvements", "transition:improvement-list", order=30)
