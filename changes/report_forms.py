"""Of what, and over which time a report is asked for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from cmdb.models import Service
from itsm.kernel.actor import Actor
from itsm.kernel.measures import Scope
from itsm.kernel.models import Team

DAYS, LONGEST = 90, 3660


class AskForm(forms.Form):
    """The days are those of the reader's clock, and the last one counts."""

    service = forms.CharField(required=False, max_length=100)
    team = forms.CharField(required=False, max_length=100)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)

    def clean(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        until = said.get("until") or timezone.localdate()
        since = said.get("since") or until - timedelta(days=min(DAYS - 1, (until - date.min).days))
        if not since <= until <= date.max - timedelta(days=2) or until - since > timedelta(days=LONGEST):
            raise forms.ValidationError(f"The last day lies on or after the first, at most {LONGEST} days.")
        return said | {"since": since, "until": until}

    def clean_service(self) -> Service | None:
        return self._named("service", Service.objects.all())  # type: ignore[no-any-return]

    def clean_team(self) -> Team | None:
        return self._named("team", Team.objects.all())  # type: ignore[no-any-return]

    def _named(self, name: str, known: Any) -> Any:
        said = self.cleaned_data[name].strip()
        found = known.by_ref(said).first() if said else None
        if said and found is None:
            raise forms.ValidationError(f"There is no {name} {said}.")
        return found


def asked(data: Any) -> tuple[AskForm, dict[str, Any]]:
    """The form, and what it asks: as if nothing had been said where it makes no sense."""
    form = AskForm(data)
    if form.is_valid():
        return form, form.cleaned_data
    empty = AskForm({})
    empty.is_valid()
    return form, empty.cleaned_data


def scope_of(said: dict[str, Any], actor: Actor) -> Scope:
    service, team = said.get("service"), said.get("team")
    return Scope(
        since=_begin(said["since"]), until=_begin(said["until"] + timedelta(days=1)), actor=actor,
        service=service.pk if service else None, team=team.pk if team else None,
    )  # fmt: skip


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_current_timezone())
