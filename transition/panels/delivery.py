"""Requirements on the pages of proposals and CIs, the dashboard's figures on the page of a service."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from changes.models import ChangeProposal
from cmdb.models import ConfigurationItem, Service
from itsm.kernel import panels
from itsm.kernel.permissions import allowed
from transition.models import Requirement, TransitionPlan
from transition.queries import flow, requirements, streams
from transition.queries.debt import debt_of
from transition.queries.flow import STAGE_NAMES
from transition.queries.tiles import tiles_of
from transition.rules import delivery as rules


@panels.add("cmdb.service", "transition/panels/service.html", order=10)
def of_service(request: HttpRequest, service: Service) -> dict[str, Any]:
    """The dashboard's figures with a way to the dashboard, or to a first plan."""
    actor, now = request.actor, timezone.now()  # type: ignore[attr-defined]
    plan = TransitionPlan.objects.filter(service=service).first()
    debt = debt_of(service, actor=actor, now=now) if plan else None
    return {
        "service": service,
        "plan": plan,
        "tiles": tiles_of(service, debt, actor=actor, now=now) if debt else [],
        "dashboard_url": reverse("transition:dashboard", args=[service.slug]),
        "may_plan": allowed(rules.may_plan, actor, TransitionPlan(service=service)),
    }


@panels.add("changes.proposal", "transition/panels/requirements.html", order=20)
def of_proposal(request: HttpRequest, proposal: ChangeProposal) -> dict[str, Any]:
    """What must be delivered for the proposal, and where each requirement stands."""
    found = requirements.with_standing(requirements.listed().filter(proposal=proposal))
    return {"requirements": found[:100], "stages": STAGE_NAMES.values()}


@panels.add("cmdb.ci", "transition/panels/ci.html", order=20)
def of_requirement_ci(request: HttpRequest, ci: ConfigurationItem) -> dict[str, Any] | None:
    """The requirement that this CI stands for, with its way through the stages."""
    if ci.ci_class.kind != "requirement":
        return None
    requirement = Requirement.objects.select_related("plan").filter(ci=ci).first()
    if requirement is None:
        return None
    rows = flow.flow_of(
        requirements.listed().filter(pk=requirement.pk),
        list(streams.listed().filter(plan=requirement.plan)),
        actor=request.actor,  # type: ignore[attr-defined]
        now=timezone.now(),
    )
    return {
        "requirement": requirement,
        "stages": STAGE_NAMES.values(),
        "cells": rows[0].cells.values() if rows else (),
    }
