"""Every resource of the REST API, one line each."""

from changes import api as changes
from cmdb import api as cmdb
from itsm.kernel.api import delegations, ledger, notifications, outbox, tokens
from itsm.kernel.api.routing import Router
from itsm.portal import api_people as people
from itsm.portal import api_webhooks as webhooks
from knowledge import api as knowledge
from transition import api as transition

router = Router(use_regex_path=True)

router.register("cmdb/accounting", cmdb.AccountingViewSet, basename="accounting")
router.register("cmdb/audits", cmdb.AuditViewSet, basename="audit")
router.register("cmdb/baselines", cmdb.BaselineViewSet, basename="baseline")
router.register("cmdb/classes", cmdb.CIClassViewSet, basename="ci-class")
router.register("cmdb/ci-edits", cmdb.CIEditViewSet, basename="ci-edit")
router.register("cmdb/cis", cmdb.ConfigurationItemViewSet, basename="ci")
router.register("cmdb/import-profiles", cmdb.ImportProfileViewSet, basename="import-profile")
router.register("cmdb/import-schedules", cmdb.ImportScheduleViewSet, basename="import-schedule")
router.register("cmdb/imports", cmdb.ImportRunViewSet, basename="import")
router.register("cmdb/conflicts", cmdb.ConflictViewSet, basename="conflict")
router.register("cmdb/discrepancies", cmdb.DiscrepancyViewSet, basename="discrepancy")
router.register("cmdb/precedences", cmdb.SourcePrecedenceViewSet, basename="precedence")
router.register("cmdb/relations", cmdb.RelationViewSet, basename="relation")
router.register("cmdb/relation-groups", cmdb.RelationGroupViewSet, basename="relation-group")
router.register("cmdb/relation-proposals", cmdb.RelationProposalViewSet, basename="relation-proposal")
router.register("cmdb/samples", cmdb.SampleViewSet, basename="sample")
router.register("cmdb/sampled-cis", cmdb.SampledCIViewSet, basename="sampled-ci")
router.register("cmdb/services", transition.ServiceViewSet, basename="service")  # with dashboard and debt

router.register("transition/absences", transition.AbsenceViewSet, basename="absence")
router.register("transition/events", transition.PipelineEventViewSet, basename="pipeline-event")
router.register("transition/flow", transition.FlowViewSet, basename="flow")
router.register("transition/items", transition.ItemViewSet, basename="item")
router.register("transition/needs", transition.NeedViewSet, basename="need")
router.register("transition/packages", transition.PackageViewSet, basename="package")
router.register("transition/periods", transition.PeriodViewSet, basename="period")
router.register("transition/pipeline-sources", transition.PipelineSourceViewSet, basename="pipeline-source")
router.register("transition/plans", transition.PlanViewSet, basename="plan")
router.register("transition/portfolio", transition.PortfolioViewSet, basename="portfolio")
router.register("transition/requirements", transition.RequirementViewSet, basename="requirement")
router.register("transition/runs", transition.RunViewSet, basename="run")
router.register("transition/shifts", transition.ShiftViewSet, basename="shift")
router.register("transition/streams", transition.StreamViewSet, basename="stream")

router.register("changes/authorisations", changes.AuthorisationViewSet, basename="authorisation")
router.register("changes/boards", changes.BoardViewSet, basename="board")
router.register("changes/extensions", changes.WindowExtensionViewSet, basename="extension")
router.register("changes/calendar-feeds", changes.CalendarFeedViewSet, basename="calendar-feed")
router.register("changes/freezes", changes.FreezeViewSet, basename="freeze")
router.register("changes/jobs", changes.OperationalJobViewSet, basename="job")
router.register("changes/meetings", changes.BoardMeetingViewSet, basename="board-meeting")
router.register("changes/models", changes.ChangeModelViewSet, basename="change-model")
router.register("changes/policies", changes.PolicyViewSet, basename="policy")
router.register("changes/pre-authorisations", changes.PreAuthorisationViewSet, basename="pre-authorisation")
router.register("changes/proposals", changes.ChangeProposalViewSet, basename="proposal")
router.register("changes/reports", changes.ReportViewSet, basename="change-report")
router.register("changes/recurring", changes.RecurringChangeViewSet, basename="recurring-change")
router.register("changes/requests", transition.ChangeRequestViewSet, basename="change-request")  # with impact-delta
router.register("changes/tasks", changes.ChangeTaskViewSet, basename="task")

router.register("knowledge/articles", knowledge.ArticleViewSet, basename="article")

router.register("delegations", delegations.DelegationViewSet, basename="delegation")
router.register("outbox", outbox.DeliveryViewSet, basename="delivery")
router.register("ledger/checkpoints", ledger.CheckpointViewSet, basename="ledger-checkpoint")
router.register("ledger", ledger.LedgerViewSet, basename="ledger")
router.register("notifications", notifications.NotificationViewSet, basename="notification")
router.register("webhooks/deliveries", webhooks.WebhookDeliveryViewSet, basename="webhook-delivery")
router.register("webhooks", webhooks.WebhookViewSet, basename="webhook")
router.register("roles", people.RoleViewSet, basename="role")
router.register("teams", people.TeamViewSet, basename="team")
router.register("tokens", tokens.TokenViewSet, basename="token")
router.register("users", people.UserViewSet, basename="user")

router.register("transition/acceptance-criteria", transition.AcceptanceCriterionViewSet, basename="criterion")
router.register("transition/acceptance-reviews", transition.AcceptanceReviewViewSet, basename="acceptance-review")
router.register("transition/deployments", transition.DeploymentViewSet, basename="deployment")
router.register("transition/devolutions", transition.DevolutionViewSet, basename="devolution")
router.register("transition/gaps", transition.GapViewSet, basename="gap")
router.register("transition/improvements", transition.ImprovementViewSet, basename="improvement")
router.register("transition/incidents", transition.IncidentViewSet, basename="incident")
router.register("transition/meeting-series", transition.MeetingSeriesViewSet, basename="meeting-series")
router.register("transition/meetings", transition.MeetingViewSet, basename="meeting")
