"""What a change was expected to hit, and what it hit: the incidents that people put down to it."""

from dataclasses import dataclass
from datetime import datetime

from changes.models import ChangeRequest, ImpactPrediction
from cmdb.models import ConfigurationItem
from cmdb.queries.impact import reach
from itsm.kernel.actor import Actor
from transition.models import Incident


@dataclass(frozen=True)
class Prediction:
    """The CIs that the change touched, and with them those it could hit; `at` is None where nothing was kept.

    It is kept when a change begins. Of changes that began elsewhere, and were imported, only what the CMDB
    says today is known.
    """

    at: datetime | None
    touched: tuple[int, ...]
    expected: frozenset[int]


@dataclass(frozen=True)
class Delta:
    """Predicted against really hit."""

    prediction: Prediction
    incidents: list[Incident]
    hit: list[ConfigurationItem]

    @property
    def foreseen(self) -> list[ConfigurationItem]:
        return [ci for ci in self.hit if ci.pk in self.prediction.expected]

    @property
    def unexpected(self) -> list[ConfigurationItem]:
        return [ci for ci in self.hit if ci.pk not in self.prediction.expected]

    @property
    def precision(self) -> float | None:
        """Of what was predicted, how much was hit."""
        expected = len(self.prediction.expected)
        return len(self.foreseen) / expected if expected else None

    @property
    def recall(self) -> float | None:
        """Of what was hit, how much was predicted."""
        return len(self.foreseen) / len(self.hit) if self.hit else None


def prediction_of(change: ChangeRequest) -> Prediction:
    kept = ImpactPrediction.objects.filter(change=change).first()
    if kept is not None:
        return Prediction(kept.at, tuple(kept.touched), frozenset(kept.touched) | frozenset(kept.impacted))
    touched = tuple(change.affected.order_by("ci_id").values_list("ci_id", flat=True))
    return Prediction(None, touched, frozenset(touched) | frozenset(reach(touched) if touched else ()))


def caused_by(change: ChangeRequest, actor: Actor) -> list[Incident]:
    """The incidents that people put down to the change, as far as the actor may know of them."""
    found = Incident.objects.visible_to(actor).filter(caused_by=change, cause=Incident.Cause.CHANGE)
    return list(found.select_related("ci__ci_class", "service__ci__ci_class").order_by("opened_at", "pk"))


def delta_of(change: ChangeRequest, actor: Actor) -> Delta:
    incidents = caused_by(change, actor)
    hit = {ci.pk: ci for incident in incidents if (ci := hit_by(incident)) is not None}
    return Delta(prediction_of(change), incidents, list(hit.values()))


def hit_by(incident: Incident) -> ConfigurationItem | None:
    """The CI that broke: the one named, or else the service as a CI."""
    return incident.ci or (incident.service.ci if incident.service else None)
