from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "changes"
    verbose_name = "Changes"

    def ready(self) -> None:
        from changes import measures, portfolio, rechecks, rules, subscriptions
        from changes.models import Board, BoardSeat
        from changes.queries import authorisations
        from itsm.kernel import history, navigation

        self.reads = (measures, portfolio, rechecks, subscriptions)
        history.takes_in(Board, BoardSeat)

        def waiting(actor):  # type: ignore[no-untyped-def]
            return len(authorisations.changes_waiting_for(actor))

        navigation.add("Changes", "Requests", "changes:request-list", order=10)
        navigation.add("Changes", "Waiting for me", "changes:request-waiting", order=15, count=waiting)
        navigation.add("Changes", "Proposals", "changes:proposal-list", order=20)
        navigation.add("Changes", "CAB", "changes:meeting-list", order=25)
        navigation.add("Changes", "Calendar", "changes:calendar", order=30)
        navigation.add("Changes", "Jobs & freezes", "changes:job-list", order=40, seldom=True)
        navigation.add("Changes", "Recurring", "changes:recurring-list", order=45, seldom=True)
        navigation.add("Changes", "Models", "changes:model-list", order=50, seldom=True)
        navigation.add("Changes", "Policies", "changes:policy-list", order=60, seldom=True)
        navigation.add("Reports", "How changes went", "changes:report-outcomes", order=25)
        navigation.add("Reports", "What the basics caught", "changes:report-basics", order=30)
        navigation.start("New request for change", "changes:request-create", rules.may_draft)
        navigation.start("Propose a change", "changes:proposal-create", rules.may_draft_proposal)
        navigation.start("New recurring change", "changes:recurring-create", rules.may_draft)
        navigation.start("New board", "changes:board-create", rules.may_edit_board)
        navigation.start("New operational job", "changes:job-create", rules.may_edit_job)
        navigation.start("New freeze", "changes:freeze-create", rules.may_edit_freeze)
        navigation.start("New change model", "changes:model-create", rules.may_edit_model)
        navigation.start("Draft a policy", "changes:policy-create", rules.may_edit_policy)
