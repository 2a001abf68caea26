"""What every act of the demo shares: the script, the clock, and who and what is already there."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from changes.models import ChangeModel, ChangeRequest
from cmdb.models import ConfigurationItem, Service
from itsm.kernel.actor import Actor
from itsm.kernel.models import Team, User
from transition.models import DeliveryStream, Incident, Requirement, TransitionPlan

SCRIPT = Path(__file__).with_name("organisation.yaml")
SYSTEM = Actor.system("demo")


@dataclass
class Stage:
    """`at(-3, "22:00")` is ten in the evening three days before the day of loading."""

    now: datetime
    script: dict[str, Any] = field(default_factory=lambda: yaml.safe_load(SCRIPT.read_text(encoding="utf-8")))
    people: dict[str, User] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    cis: dict[str, ConfigurationItem] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    models: dict[str, ChangeModel] = field(default_factory=dict)
    requirements: dict[str, Requirement] = field(default_factory=dict)
    streams: dict[int, DeliveryStream] = field(default_factory=dict)
    plan: TransitionPlan = field(init=False)
    failed: ChangeRequest = field(init=False)
    caused: Incident = field(init=False)

    def at(self, days: int, clock: str = "12:00") -> datetime:
        zone = timezone.get_default_timezone()
        day = self.now.astimezone(zone).date() + timedelta(days=days)
        return datetime.combine(day, time.fromisoformat(clock), tzinfo=zone)

    def weekday(self, weeks_ago: int, weekday: int, clock: str) -> datetime:
        """The weekday (0 is Monday) of this week or of one before it."""
        return self.at(weekday - self.at(0).weekday() - 7 * weeks_ago, clock)

    def act(self, username: str) -> Actor:
        return Actor.person(self.people[username])

    @property
    def zone(self) -> str:
        return str(timezone.get_default_timezone())

    @property
    def shop(self) -> Service:
        return self.services["online-shop"]

    def days_until(self, weekday: int) -> int:
        """Days from today to the next such weekday (0 is Monday), never today."""
        today = self.at(0).weekday()
        return (weekday - today - 1) % 7 + 1
