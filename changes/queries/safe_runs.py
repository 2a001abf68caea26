"""How the changes of a model went: what a pre-authorisation is given on, and lost by."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from changes.models import ChangeModel, ChangeRequest, PreAuthorisation
from itsm.kernel.actor import Actor

Outcome = ChangeRequest.Outcome
WENT_WRONG = (Outcome.FAILED, Outcome.BACKED_OUT)


@dataclass(frozen=True)
class Runs:
    """The latest changes of a model, the last first; `safe` of them went well without one that did not in between."""

    needed: int
    latest: list[ChangeRequest]
    safe: int

    @property
    def shown(self) -> bool:
        return self.safe >= self.needed

    def seen_by(self, actor: Actor) -> list[ChangeRequest]:
        """Those that the actor may see; a confidential one counts and is not named."""
        seen = ChangeRequest.objects.filter(pk__in=[one.pk for one in self.latest]).visible_to(actor)
        known = set(seen.values_list("pk", flat=True))
        return [one for one in self.latest if one.pk in known]

    @property
    def missing(self) -> int:
        return max(self.needed - self.safe, 0)


def ended(model: ChangeModel) -> QuerySet[ChangeRequest]:
    """Its changes that were carried out, the last first; read by an index, however many there are."""
    done = ChangeRequest.objects.filter(model=model, finished_at__isnull=False).exclude(outcome="")
    return done.order_by("-finished_at", "-pk")


def runs_of(model: ChangeModel, needed: int) -> Runs:
    latest = list(ended(model)[:needed])
    safe = next((at for at, one in enumerate(latest) if one.outcome != Outcome.SUCCESSFUL), len(latest))
    return Runs(needed, latest, safe)


def failures_since(model: ChangeModel, since: datetime) -> list[ChangeRequest]:
    """Those that failed or were backed out, of its latest changes since then."""
    latest = ended(model).filter(finished_at__gte=since)[: PreAuthorisation.OF_LATEST]
    return [one for one in latest if one.outcome in WENT_WRONG]
