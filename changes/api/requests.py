"""REST: requests for change."""

from datetime import timedelta
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from changes.actions import REQUEST_ACTIONS
from changes.api.authorisations import AuthorisationSerializer, AuthorisationViewSet
from changes.api.fields import Reason, Window, WindowField
from changes.api.recurring import RecurringChanges, RecurringChangeSerializer, RecurringChangeViewSet
from changes.api.running import Running
from changes.api.tasks import ChangeTaskSerializer, ChangeTaskViewSet, NewTask
from changes.filters import ChangeRequestFilter
from changes.models import BasicsState, ChangeModel, ChangeProposal, ChangeRequest, Consultation, Discovery, Review
from changes.operations import afterwards, consultations, copying, recurring, requests, tasks, unauthorised, waivers
from changes.queries import authorisations as ask_authorisations
from changes.queries import requests as ask
from changes.queries import tasks as ask_tasks
from changes.queries.basics import examine
from changes.queries.collisions import Collision, collisions_of
from changes.queries.slots import next_free_slots
from cmdb.models import ConfigurationItem, Service
from cmdb.queries.impact import impact_of
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.schema import results_of
from itsm.kernel.api.serializers import DrawnRef, PersonField, RecordSerializer, RefField, RefListField, Strict


class DiscoverySerializer(serializers.ModelSerializer):
    found_by = PersonField(read_only=True, allow_null=True)

    class Meta:
        model = Discovery
        fields = ("origin", "found_at", "found_by", "evidence", "evidence_digest", "ledger_sequence")


class ReviewSerializer(serializers.ModelSerializer):
    by = PersonField(read_only=True)
    article = RefField(read_only=True, allow_null=True)
    basics_said = serializers.ListField(
        child=serializers.DictField(), help_text="What the checks said when it began: code, group, verdict, waived."
    )

    class Meta:
        model = Review
        fields = ("objectives_met", "outcome", "causes", "lessons", "basics_said", "article", "by", "at")


class BasicsSerializer(serializers.ModelSerializer):
    class Meta:
        model = BasicsState
        fields = ("verdict", "checked_at", "stale_since")


class ChangeRequestSerializer(RecordSerializer):
    model = serializers.SlugRelatedField(slug_field="code", read_only=True)
    proposal = RefField(read_only=True)
    copied_from = serializers.SerializerMethodField(help_text="The number of the request that it is a copy of.")
    requested_by = PersonField(read_only=True)
    services = serializers.ListField(child=serializers.CharField(), source="service_slugs", read_only=True)
    cis = serializers.ListField(child=DrawnRef(), source="ci_refs", read_only=True)
    window = WindowField()
    risk = serializers.CharField(source="risk.label", read_only=True)
    risk_parts = serializers.ListField(
        child=serializers.DictField(),
        read_only=True,
        help_text="What the computed risk is made of: code, points, why.",
    )
    category = serializers.CharField(read_only=True, help_text="Of a normal change: minor, significant or major.")
    last_safe_moment = serializers.DateTimeField(read_only=True)
    basics = BasicsSerializer(read_only=True, help_text="The worst of the basics when they were computed last.")
    review = ReviewSerializer(read_only=True, help_text="What was found afterwards; until then null.")
    discovery = DiscoverySerializer(read_only=True, help_text="How an unauthorised change was found; of others null.")

    class Meta:
        model = ChangeRequest
        fields = (
            *RecordSerializer.BASE, "title", "reason", "model", "type", "status", "outcome", "proposal", "requested_by",
            "services", "likelihood", "impact", "risk", "computed_risk", "risk_parts", "category",
            "window", "last_safe_moment", "check_minutes",
            "back_out_minutes", "margin_minutes", "back_out_trigger", "back_out_steps", "back_out_tried", "answers",
            "started_at", "finished_at", "submitted_at", "backing_out_at", "backing_out_why", "backed_out_cleanly",
            "basics", "review_why", "review_due_at", "review", "later_due_at", "later_said_at",
            "discovery", "cab_required", "confidential", "source",
            "external_key", "copied_from", "cleared", "cis", "actions",
        )  # fmt: skip

    def get_copied_from(self, change: ChangeRequest) -> str | None:
        return f"{ChangeRequest.PREFIX}-{change.copied_from_id}" if change.copied_from_id else None


class RequestChanges(Strict):
    title = serializers.CharField(max_length=200)
    model = RefField(ChangeModel.objects)
    reason = serializers.CharField(required=False, allow_blank=True)
    proposal = RefField(ChangeProposal.objects, required=False, allow_null=True)
    cis = RefListField(ConfigurationItem.objects, required=False, max_length=1000)
    services = RefListField(Service.objects, required=False, max_length=100)
    window = Window(required=False)
    likelihood = serializers.ChoiceField(ChangeRequest.Level.choices, required=False)
    impact = serializers.ChoiceField(ChangeRequest.Level.choices, required=False)
    check_minutes = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    back_out_minutes = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    margin_minutes = serializers.IntegerField(min_value=0, max_value=100_000, required=False)
    back_out_trigger = serializers.CharField(required=False, allow_blank=True)
    back_out_steps = serializers.CharField(required=False, allow_blank=True)
    back_out_tried = serializers.CharField(max_length=200, required=False, allow_blank=True)
    confidential = serializers.BooleanField(required=False)
    answers = serializers.DictField(required=False, help_text="To the questions of the change model, by their code.")


class Found(Strict):
    """Something was done that nobody had authorised."""

    title = serializers.CharField(max_length=200)
    cis = RefListField(ConfigurationItem.objects, required=False, max_length=1000)
    services = RefListField(Service.objects, required=False, max_length=100)
    began_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(required=False)
    reason = serializers.CharField(required=False, allow_blank=True, help_text="What is known of why.")
    origin = serializers.CharField(required=False, max_length=200, help_text="What found it; the same again is one.")
    evidence = serializers.DictField(required=False)


class Outcome(Strict):
    outcome = serializers.ChoiceField(ChangeRequest.Outcome.choices)


class ReviewArguments(Strict):
    objectives_met = serializers.BooleanField()
    outcome = serializers.ChoiceField(ChangeRequest.Outcome.choices, required=False, help_text="If another was found.")
    causes = serializers.ListField(child=serializers.ChoiceField(Review.Cause.choices), required=False)
    lessons = serializers.CharField(required=False, allow_blank=True)


class LaterWords(Strict):
    """What the model lets an emergency say afterwards."""

    reason = serializers.CharField(required=False)
    services = RefListField(Service.objects, required=False, max_length=100)
    back_out_trigger = serializers.CharField(required=False)
    back_out_steps = serializers.CharField(required=False)
    answers = serializers.DictField(required=False, help_text="To the questions of the change model, by their code.")


class LessonArguments(Strict):
    title = serializers.CharField(max_length=200)
    body = serializers.CharField(required=False, help_text="Markdown; the lessons of the review unless said.")


class CopyArguments(Strict):
    title = serializers.CharField(max_length=200, required=False)
    window = Window(required=False, help_text="Of the copy; without it, the copy has none.")


class WaiverArguments(Strict):
    check_code = serializers.CharField(max_length=60)
    reason = serializers.CharField()


class ViewArguments(Strict):
    view = serializers.ChoiceField(Consultation.View.choices)
    comment = serializers.CharField(required=False, allow_blank=True, help_text="Needed with an objection.")
    fingerprint = serializers.CharField(
        max_length=64, required=False, help_text="Of the plan that was read, as the authorisations tell it."
    )


class SlotArguments(serializers.Serializer):
    length = serializers.IntegerField(min_value=1, max_value=7 * 24 * 60, required=False, help_text="Minutes.")
    count = serializers.IntegerField(min_value=1, max_value=20, default=3)


def _drawn(collision: Collision) -> dict[str, Any]:
    what = collision.what
    return {
        "kind": collision.kind,
        "number": what.number,
        "display": getattr(what, "display", str(what)),
        "why": collision.why,
        "path": collision.path,
        "person": collision.person,
        "start": collision.start,
        "end": collision.end,
        "severity": collision.severity,
    }


def _planned(data: dict[str, Any]) -> dict[str, Any]:
    """The window's two ends as the operation's arguments."""
    window = data.pop("window", None)
    return data | (dict(window) if window else {})


class ChangeRequestViewSet(Running, CreateRecord, UpdateRecord, RecordViewSet):
    queryset = ask.drawn()
    serializer_class = ChangeRequestSerializer
    filterset_class = ChangeRequestFilter
    record_actions = REQUEST_ACTIONS
    create_arguments = RequestChanges
    update_arguments = RequestChanges
    own_parameters: ClassVar = {"length", "count"}

    def perform_create(self, data: dict[str, Any]) -> ChangeRequest:
        return requests.draft(actor=self.actor, **_planned(data))

    def perform_update(self, record: ChangeRequest, data: dict[str, Any]) -> ChangeRequest:
        return requests.plan(change_id=record.pk, actor=self.actor, **_planned(data))

    def _rows_of(self, resource: type[RecordViewSet], basename: str) -> dict[str, Any]:
        """The context in which another resource's records are listed here: with their own addresses."""
        return {"request": self.request, "view": resource(basename=basename, action="list", actor=self.actor)}

    def _do(self, operate: Any, **arguments: Any) -> Response:
        change = self.get_object()
        with self.as_seen(change):
            done = operate(change_id=change.pk, actor=self.actor, **arguments)
        return self.answer(done if isinstance(done, ChangeRequest) else change)

    @extend_schema(request=Found, responses={201: ChangeRequestSerializer})
    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def unauthorised(self, request: Request) -> Response:
        """Write down what was done without authorisation; it goes straight to review."""
        found = unauthorised.record(actor=self.actor, now=timezone.now(), **self.arguments(Found))
        return self.answer(found, 201)

    @extend_schema(request=None, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"])
    def submit(self, request: Request, pk: str) -> Response:
        """Send a draft for assessment; 409 with a code when the domain refuses."""
        return self._do(requests.submit, now=timezone.now())

    @extend_schema(request=Window, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"])
    def schedule(self, request: Request, pk: str) -> Response:
        """Set or move the window."""
        return self._do(requests.schedule, **self.arguments(Window))

    @extend_schema(request=None, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        """Begin the implementation."""
        return self._do(requests.start, now=timezone.now())

    @extend_schema(request=Outcome, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        """End the implementation with its outcome."""
        return self._do(requests.finish, now=timezone.now(), **self.arguments(Outcome))

    @extend_schema(request=Reason, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"], url_path="back-out")
    def back_out(self, request: Request, pk: str) -> Response:
        """Go back."""
        return self._do(requests.back_out, now=timezone.now(), **self.arguments(Reason))

    @extend_schema(request=ReviewArguments, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        """Write the post-implementation review."""
        return self._do(requests.review, now=timezone.now(), **self.arguments(ReviewArguments))

    @extend_schema(request=LaterWords, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"], url_path="fill-in")
    def fill_in(self, request: Request, pk: str) -> Response:
        """Say what an emergency had no time to say before."""
        return self._do(afterwards.fill_in, now=timezone.now(), **self.arguments(LaterWords))

    @extend_schema(request=None, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        """Close a reviewed change."""
        return self._do(requests.close)

    @extend_schema(request=LessonArguments, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"], url_path="draft-article")
    def draft_article(self, request: Request, pk: str) -> Response:
        """Make the lessons of the review the draft of an article."""
        return self._do(requests.draft_article, now=timezone.now(), **self.arguments(LessonArguments))

    @extend_schema(request=Reason, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"])
    def cancel(self, request: Request, pk: str) -> Response:
        """Give the change up, and say why."""
        return self._do(requests.cancel, **self.arguments(Reason))

    @extend_schema(request=None, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, pk: str) -> Response:
        """Take a rejected change back to its draft."""
        return self._do(requests.revise)

    @extend_schema(request=CopyArguments, responses={201: ChangeRequestSerializer})
    @action(detail=True, methods=["post"])
    def copy(self, request: Request, pk: str) -> Response:
        """A draft with what is still true; `cleared` says what was left behind."""
        change, said = self.get_object(), self.arguments(CopyArguments)
        made = copying.copy(change_id=change.pk, actor=self.actor, now=timezone.now(), **_planned(said))
        return self.answer(made, 201)

    @extend_schema(request=RecurringChanges, responses={201: RecurringChangeSerializer})
    @action(detail=True, methods=["post"])
    def recur(self, request: Request, pk: str) -> Response:
        """Let it come again and again: each is a copy of this request as it is then."""
        change, said = self.get_object(), self.arguments(RecurringChanges)
        made = recurring.create(template=change, actor=self.actor, now=timezone.now(), **said)
        context = self._rows_of(RecurringChangeViewSet, "recurring-change")
        return Response(RecurringChangeSerializer(made, context=context).data, status=201)

    @extend_schema(request=WaiverArguments, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"])
    def waive(self, request: Request, pk: str) -> Response:
        """Take a failed check upon oneself, by name and reason."""
        return self._do(waivers.waive, now=timezone.now(), **self.arguments(WaiverArguments))

    @extend_schema(request=None, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"], url_path="ask-owners")
    def ask_owners(self, request: Request, pk: str) -> Response:
        """Ask the owners of impacted services who were not heard yet."""
        return self._do(consultations.ask_owners, now=timezone.now())

    @extend_schema(request=ViewArguments, responses={200: ChangeRequestSerializer})
    @action(detail=True, methods=["post"], url_path="give-view")
    def give_view(self, request: Request, pk: str) -> Response:
        """Say, as the owner of an impacted service, whether one objects; it is about the plan as it is now."""
        return self._do(consultations.give_view, now=timezone.now(), **self.arguments(ViewArguments))

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def basics(self, request: Request, pk: str) -> Response:
        """The five groups of checks with their verdicts, the most serious first."""
        found = examine(self.get_object(), timezone.now(), to_show=True)
        return Response({"examined": found.facts.examined, "results": [v.as_dict() for v in found.verdicts]})

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def collisions(self, request: Request, pk: str) -> Response:
        """What else goes on in the window, what was examined, and what was not."""
        report = collisions_of(self.get_object())
        results = [_drawn(collision) for collision in report.found]
        return Response({"examined": report.examined, "skipped": report.skipped, "results": results})

    @extend_schema(responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None, url_path="impact", url_name="impact")
    def impact_(self, request: Request, pk: str) -> Response:
        """What a failure of the touched CIs would hit."""
        change = self.get_object()
        found = impact_of(change.cis.select_related("ci_class"))
        return Response(
            {
                "touched": [ci.number for ci in found.starts],
                "count": len(found.items),
                "services": [ci.number for ci, _ in found.services],
                "results": [
                    {"number": ci.number, "name": ci.name, "distance": r.distance, "criticality": ci.criticality}
                    for ci, r in found.items[:1000]
                ],
            }
        )

    @extend_schema(parameters=[SlotArguments], responses={200: dict})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def slots(self, request: Request, pk: str) -> Response:
        """The next windows of this length (minutes) in which nothing is in the way."""
        reader = SlotArguments(data=request.query_params)
        reader.is_valid(raise_exception=True)
        change, asked = self.get_object(), reader.validated_data
        length = timedelta(minutes=asked.get("length") or change.model.window_minutes)
        after = max(timezone.now(), change.starts_at or timezone.now())
        found = next_free_slots(change, length, after, asked["count"])
        return Response({"results": [{"start": start, "end": end} for start, end in found]})

    @extend_schema(responses={200: results_of(AuthorisationSerializer)})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def authorisations(self, request: Request, pk: str) -> Response:
        """Who must authorise it, by which rule, and what they decided."""
        found = ask_authorisations.listed().filter(change=self.get_object()).order_by("pk")
        context = self._rows_of(AuthorisationViewSet, "authorisation")
        return Response({"results": AuthorisationSerializer(found, many=True, context=context).data})

    @extend_schema(request=NewTask, responses={200: results_of(ChangeTaskSerializer), 201: ChangeTaskSerializer})
    @action(detail=True, methods=["get", "post"], pagination_class=None, filterset_class=None)
    def tasks(self, request: Request, pk: str) -> Response:
        """The plan in order; POST adds a task."""
        change, context = self.get_object(), self._rows_of(ChangeTaskViewSet, "task")
        if request.method == "POST":
            with self.as_seen(change):
                made = tasks.add(change_id=change.pk, actor=self.actor, **self.arguments(NewTask))
            fresh = ask_tasks.listed().get(pk=made.pk)
            return Response(ChangeTaskSerializer(fresh, context=context).data, status=201)
        found = ask_tasks.listed().filter(change=change).order_by("order", "pk")
        return Response({"results": ChangeTaskSerializer(found, many=True, context=context).data})
