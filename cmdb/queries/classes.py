"""Classes of configuration items."""

from django.db.models import QuerySet

from cmdb.models import CIClass


def listed() -> QuerySet[CIClass]:
    return CIClass.objects.select_related("parent").order_by("name", "pk")


def below(ci_class: CIClass) -> set[int]:
    """The class and all that are a kind of it; classes are few, so all are read at once."""
    parents = dict(CIClass.objects.values_list("pk", "parent"))
    found = {ci_class.pk}
    while more := {pk for pk, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def with_lineages(ci_class: CIClass) -> dict[int, CIClass]:
    """The class as it is in memory and all below it, each with its parents at hand."""
    known = {each.pk: each for each in CIClass.objects.all()} | {ci_class.pk: ci_class}
    for each in known.values():
        each.parent = known.get(each.parent_id) if each.parent_id else None
    return {pk: known[pk] for pk in below(ci_class)}
