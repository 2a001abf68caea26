from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from cmdb.models import ConfigurationItem
from cmdb.queries import selection
from itsm.kernel.picking import PickField


class AccountingForm(forms.Form):
    """A period and whose CIs; days are whole ones, the last among them."""

    service = PickField("service", required=False)
    query = forms.CharField(required=False, max_length=2000, label="Or a filter", help_text="Such as ci_class=server.")
    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    until = forms.DateField(
        label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Left empty, until today.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", "It ends before it starts.")
        if not said.get("service") and not said.get("query"):
            self.add_error("service", "Name a service, or give a filter.")
        return said

    def period(self) -> tuple[datetime, datetime]:
        """From the beginning of the first day to the end of the last."""
        first = self.cleaned_data["since"]
        last = self.cleaned_data["until"] or timezone.localdate()
        zone = timezone.get_current_timezone()
        midnight = time(tzinfo=zone)
        return datetime.combine(first, midnight), datetime.combine(last, midnight) + timedelta(days=1)

    def cis(self) -> QuerySet[ConfigurationItem]:
        """Raises InvalidInput for what is no filter."""
        if service := self.cleaned_data["service"]:
            return selection.of_service(service)
        return selection.of_query(selection.tidy(self.cleaned_data["query"]))
