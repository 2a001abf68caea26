"""Which CIs are meant: those of a service, or those that the filter of the list finds."""

from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.http import QueryDict

from cmdb.filters.cis import ConfigurationItemFilter
from cmdb.models import ConfigurationItem, Relation, Service
from itsm.kernel.errors import InvalidInput

DEPTH = 10
NOT_A_FILTER = {"page", "ordering", "format", "csrfmiddlewaretoken", "limit", "offset", "fields"}


def of_service(service: Service) -> QuerySet[ConfigurationItem]:
    """The service's own CI and all that it hangs on."""
    against, along = [str(t) for t in Relation.IMPACT_ALONG], [str(t) for t in Relation.IMPACT_AGAINST]
    made_of = RawSQL("SELECT reached FROM cmdb_reach(%s, %s, %s, %s)", ([service.ci_id], against, along, DEPTH))
    found = ConfigurationItem.objects.filter(pk__in=made_of)
    return found | ConfigurationItem.objects.filter(pk=service.ci_id)


def of_query(query: str) -> QuerySet[ConfigurationItem]:
    """What the list of CIs shows for this filter (`status=live&ci_class=server`); empty means every CI.

    Raises InvalidInput for what is no filter: it would silently take in everything.
    """
    said = _said(query)
    filtered = ConfigurationItemFilter(said, queryset=ConfigurationItem.objects.all())
    if unknown := sorted(set(said) - set(filtered.filters)):
        raise InvalidInput.at("query", f"Unknown filter: {', '.join(unknown)}. Use those of the list of CIs.")
    if not filtered.is_valid():
        name, errors = next(iter(filtered.errors.items()))
        raise InvalidInput.at("query", f"{name}: {errors[0]}")
    return filtered.qs


def tidy(query: str) -> str:
    """The filter without what is no part of it, such as the page."""
    said = _said(query)
    for name in [name for name, value in said.items() if name in NOT_A_FILTER or value == ""]:
        del said[name]
    return said.urlencode()


def in_words(query: str) -> str:
    """The filter as its fields are called on the list: `ci_class=server` is “Class: Server”."""
    said = _said(query)
    form = ConfigurationItemFilter(said, queryset=ConfigurationItem.objects.none()).form
    parts = (_part(form.fields.get(name), name, value) for name in said for value in said.getlist(name))
    return " · ".join(parts) or "Every CI"


def _part(field: Any, name: str, value: str) -> str:
    if field is None:
        return f"{name}: {value}"
    choices = {str(getattr(key, "value", key)): text for key, text in getattr(field, "choices", ())}
    return f"{field.label or name}: {choices.get(value, value)}"


def _said(query: str) -> QueryDict:
    if "\x00" in query or "%00" in query:
        raise InvalidInput.at("query", "It has a character that no filter has.")
    try:
        said = QueryDict(query.lstrip("?"), mutable=True)
    except Exception as error:  # more fields than any list has
        raise InvalidInput.at("query", "This is no filter of the list of CIs.") from error
    return said
