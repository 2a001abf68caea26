"""Audits and their discrepancies."""

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from cmdb.models import Audit, Discrepancy


def listed() -> QuerySet[Audit]:
    """With what is left to be resolved, and how far the worker is."""
    open_ = Discrepancy.objects.filter(audit=OuterRef("pk"), state=Discrepancy.State.OPEN).order_by()
    counted = open_.values("audit").annotate(n=Count("pk")).values("n")
    audits = Audit.objects.select_related("requested_by", "progress")
    return audits.annotate(left=Coalesce(Subquery(counted), 0)).order_by("-pk")


def discrepancies() -> QuerySet[Discrepancy]:
    return Discrepancy.objects.select_related("audit", "resolved_by").order_by("pk")


def discrepancies_of(audit: Audit) -> QuerySet[Discrepancy]:
    return discrepancies().filter(audit=audit)


def standing_of(audit: Audit) -> list[dict[str, object]]:
    """Of each kind, how many there are, are open, and are explained; one query."""
    states = {state: Count("pk", filter=Q(state=state)) for state in ("open", "authorised", "resolved")}
    rows = Discrepancy.objects.filter(audit=audit).values("kind").order_by("kind")
    found = {row["kind"]: row for row in rows.annotate(all=Count("pk"), **states)}
    empty = dict.fromkeys(["all", "open", "authorised", "resolved"], 0)
    labels = Discrepancy.Kind.choices
    return [{"kind": kind, "label": label, **(found.get(kind) or empty)} for kind, label in labels]
