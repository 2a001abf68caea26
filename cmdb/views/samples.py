"""Pages of random samples: draw CIs by lot, look how true the record is, answer for one's own."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cmdb import rules
from cmdb.actions import SAMPLE_ACTIONS
from cmdb.filters.audits import SampleFilter
from cmdb.forms.audits import AnswerForm, SampleForm
from cmdb.forms.fields import ConfirmForm
from cmdb.models import ConfigurationItem, Sample, SampledCI
from cmdb.operations import samples
from cmdb.queries import samples as ask
from cmdb.queries import selection
from cmdb.queries.cis import sentences_of
from cmdb.tables.audits import SAMPLE_KINDS, SampledCITable, SampleTable
from itsm.kernel.middleware import Request
from itsm.kernel.pages import find, form_page, list_page, record_page
from itsm.kernel.permissions import allowed

CRUMBS = [("Samples", "/cmdb/samples/")]
RELATIONS = 12


@require_GET
def list_(request: Request) -> HttpResponse:
    new = {"label": "Draw a sample", "url": reverse("cmdb:sample-create"), "primary": True}
    may = allowed(rules.may_audit, request.actor)
    return list_page(
        request,
        queryset=ask.listed(),
        filterset=SampleFilter,
        table=SampleTable,
        title="Samples",
        empty={
            "title": "Nobody knows how true the record is.",
            "text": "Draw some CIs by lot and ask their owners: then you know it within a few points.",
            **({"action_label": "Draw a sample", "action_url": reverse("cmdb:sample-create")} if may else {}),
        },
        actions=[new] if may else [],
    )


@require_http_methods(["GET", "POST"])
def create(request: Request) -> HttpResponse:
    return form_page(
        request,
        form=SampleForm(
            request.POST if request.method == "POST" else None, initial={"query": request.GET.get("query", "")}
        ),
        perform=lambda **said: samples.draw(now=timezone.now(), **said),
        title="Draw a sample",
        intro="CIs are drawn by lot. Each is sent to its owner, or else to the lead of the team that supports it.",
        submit_label="Draw and ask",
        cancel_url=reverse("cmdb:sample-list"),
        crumbs=CRUMBS,
        rule=rules.may_audit,
    )


@require_GET
def detail(request: Request, number: str) -> HttpResponse:
    sample: Any = find(ask.listed(), number, request.actor)
    return record_page(
        request,
        sample,
        "cmdb/sample/detail.html",
        page="cmdb.sample",
        title=sample.name,
        actions=SAMPLE_ACTIONS,
        crumbs=CRUMBS,
        verdicts=[(SAMPLE_KINDS[sample.state], sample.get_state_display())],
        facts=_facts(sample),
        tiles=_tiles(sample),
        table=SampledCITable(ask.sampled().filter(sample=sample).order_by("verdict", "ci__name")),
        before=[(each, ask.accuracy_of(each)) for each in ask.before(sample)],
    )


def _facts(sample: Sample) -> list[tuple[str, object, str | None]]:
    drawn_from = f"{reverse('cmdb:ci-list')}?{sample.query or samples.LIVE}"
    return [
        ("Drawn from", f"{selection.in_words(sample.query or samples.LIVE)} ({sample.population:,})", drawn_from),
        ("Drawn at", f"{timezone.localtime(sample.drawn_at):%-d %b %Y %H:%M}", None),
        ("Answers by", f"{sample.due_on:%-d %b %Y}", None),
        ("Drawn by", sample.requested_by or "the program", None),
    ]


def _tiles(sample: Any) -> list[dict[str, Any]]:
    found, answered = ask.accuracy_of(sample), sample.true + sample.wrong
    within = f"{found.low:.0%} to {found.high:.0%} with 95 % confidence" if found else "nobody has answered yet"
    return [
        {"label": "True", "figure": f"{found.share:.0%}" if found else "–", "note": within},
        {"label": "Answered", "figure": f"{answered}", "note": f"of {sample.size} drawn"},
        {"label": "Wrong", "figure": f"{sample.wrong}"},
    ]


@require_http_methods(["GET", "POST"])
def answer(request: Request, number: str) -> HttpResponse:
    sampled: SampledCI = find(ask.sampled(), number, request.actor)
    sentences = sentences_of(sampled.ci, most=RELATIONS)
    return form_page(
        request,
        form=AnswerForm(request.POST if request.method == "POST" else None),
        perform=lambda **said: _next(samples.answer(sampled_id=sampled.pk, now=timezone.now(), **said), request),
        title=f"Is {sampled.ci} as it is recorded?",
        intro=f"It was drawn for “{sampled.sample.name}”. If the record is true, the CI is verified by your answer.",
        submit_label="Answer",
        template="cmdb/sample/answer.html",
        ci=sampled.ci,
        said=_said(sampled.ci),
        sentences=sentences,
        relations=[*sentences.said, *sentences.of_it][:RELATIONS],
        cancel_url=sampled.ci.get_absolute_url(),
        record=sampled,
        crumbs=[*CRUMBS, (sampled.sample.number, sampled.sample.get_absolute_url())],
    )


def _said(ci: ConfigurationItem) -> list[tuple[str, object]]:
    """What is to be compared with reality."""
    return [
        ("Class", ci.ci_class), ("Environment", ci.environment), ("Status", ci.get_status_display()),
        ("Version", ci.version), ("Criticality", ci.get_criticality_display()),
        ("Owner", ci.owner or "nobody"), ("Support team", ci.support_team or "none"),
    ]  # fmt: skip


def _next(sampled: SampledCI, request: Request) -> str:
    """Who may mend a wrong record does it at once."""
    mends = sampled.verdict == SampledCI.Verdict.WRONG and allowed(rules.may_edit_ci, request.actor, sampled.ci)
    return reverse("cmdb:ci-edit", args=[sampled.ci.number]) if mends else sampled.sample.get_absolute_url()


@require_http_methods(["GET", "POST"])
def close(request: Request, number: str) -> HttpResponse:
    sample: Any = find(ask.listed(), number, request.actor)
    left = sample.size - sample.true - sample.wrong
    return form_page(
        request,
        form=ConfirmForm(request.POST if request.method == "POST" else None),
        perform=lambda **said: samples.close(sample_id=sample.pk, now=timezone.now(), **said),
        title="Close the sample",
        intro=f"{left} of {sample.size} were not answered, and will not count." if left else "Everybody has answered.",
        submit_label="Close it",
        cancel_url=sample.get_absolute_url(),
        record=sample,
        crumbs=[*CRUMBS, (sample.number, sample.get_absolute_url())],
    )
