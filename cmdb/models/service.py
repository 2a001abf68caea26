"""Services of the portfolio; each is a CI too."""

from typing import ClassVar

import pghistory
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models.ci import ConfigurationItem
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, Team
from itsm.kernel.searching import words_index


@pghistory.track()
class Service(Numbered):
    """What customers get; `status` is its place in the portfolio, `sub_state` the step within."""

    PREFIX = "SVC"

    class Status(models.TextChoices):
        PIPELINE = "pipeline", _("Pipeline")
        LIVE = "live", _("Live")
        RETIRED = "retired", _("Retired")

    class SubState(models.TextChoices):
        DEFINED = "defined", _("Defined")
        CHARTERED = "chartered", _("Chartered")
        DESIGNED = "designed", _("Designed")
        BUILT = "built", _("Built")
        ACCEPTED = "accepted", _("Accepted")
        OPERATIONAL = "operational", _("Operational")
        FROZEN = "frozen", _("Frozen")
        RETIRING = "retiring", _("Retiring")
        RETIRED = "retired", _("Retired")

    class DeliveryModel(models.TextChoices):
        ON_PREMISES = "on_premises", _("On premises")
        IAAS = "iaas", _("IaaS")
        PAAS = "paas", _("PaaS")
        SAAS = "saas", _("SaaS")

    LIFECYCLE = Lifecycle(
        "sub_state",
        {
            SubState.DEFINED: frozenset({SubState.CHARTERED, SubState.RETIRED}),
            SubState.CHARTERED: frozenset({SubState.DESIGNED, SubState.RETIRED}),
            SubState.DESIGNED: frozenset({SubState.BUILT, SubState.RETIRED}),
            SubState.BUILT: frozenset({SubState.ACCEPTED, SubState.DESIGNED, SubState.RETIRED}),
            SubState.ACCEPTED: frozenset({SubState.OPERATIONAL, SubState.BUILT}),
            SubState.OPERATIONAL: frozenset({SubState.FROZEN, SubState.RETIRING}),
            SubState.FROZEN: frozenset({SubState.OPERATIONAL, SubState.RETIRING}),
            SubState.RETIRING: frozenset({SubState.RETIRED, SubState.OPERATIONAL}),
            SubState.RETIRED: frozenset(),
        },
        path=(
            SubState.DEFINED,
            SubState.CHARTERED,
            SubState.DESIGNED,
            SubState.BUILT,
            SubState.ACCEPTED,
            SubState.OPERATIONAL,
            SubState.RETIRING,
            SubState.RETIRED,
        ),
    )
    # The place in the portfolio follows from the step, and the database holds the two together.
    STATUS_OF: ClassVar = {
        **dict.fromkeys(
            [SubState.DEFINED, SubState.CHARTERED, SubState.DESIGNED, SubState.BUILT, SubState.ACCEPTED],
            Status.PIPELINE,
        ),
        **dict.fromkeys([SubState.OPERATIONAL, SubState.FROZEN, SubState.RETIRING], Status.LIVE),
        SubState.RETIRED: Status.RETIRED,
    }

    ci = models.OneToOneField(ConfigurationItem, on_delete=models.PROTECT, related_name="service")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    summary = models.TextField(blank=True, help_text="What the service does, in its customers' words.")
    status = models.CharField(max_length=20, choices=Status, default=Status.PIPELINE)
    sub_state = models.CharField(max_length=20, choices=SubState, default=SubState.DEFINED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_services"
    )
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="sponsored_services"
    )
    support_team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="services")
    # The weekly hours in words, kept with their rows: lists show it without reading them.
    hours = models.CharField(max_length=400, blank=True, help_text="Service hours, such as Mon–Sun 06:00–24:00.")
    hours_zone = models.CharField(
        "time zone", max_length=63, blank=True, db_default="", help_text="Of its hours; empty: the organisation's."
    )
    delivery_model = models.CharField(max_length=20, choices=DeliveryModel, default=DeliveryModel.ON_PREMISES)
    support_access = models.TextField(
        "about access", blank=True, help_text="What the rows of the support team's access do not say."
    )

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="service_status_fits_its_step",
                condition=models.Q(
                    status="pipeline", sub_state__in=["defined", "chartered", "designed", "built", "accepted"]
                )
                | models.Q(status="live", sub_state__in=["operational", "frozen", "retiring"])
                | models.Q(status="retired", sub_state="retired"),
            )
        ]
        indexes: ClassVar = [words_index("service_by_words", "name", "slug", "summary")]

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("cmdb:service-detail", args=[self.slug])
