"""Configuration items, the classes they belong to, and the names other tools know them by."""

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered, Record, RecordQuerySet, Team
from itsm.kernel.searching import words_index

ORDERED = ("status", "criticality", "verified_at", "created_at", "updated_at")  # a list of a million by each of these


class Criticality(models.IntegerChoices):
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    CRITICAL = 4, _("Critical")


class CIClassQuerySet(RecordQuerySet):
    NAMED_BY = "code"


@pghistory.track()
class CIClass(Record):
    """A kind of configuration item; `schema` (JSON Schema) says which attributes its items have."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("Service")
        APPLICATION = "application", _("Application")
        CODE = "code", _("Code")
        HARDWARE = "hardware", _("Hardware")
        NETWORK = "network", _("Network")
        DATA = "data", _("Data")
        DOCUMENT = "document", _("Document")
        REQUIREMENT = "requirement", _("Requirement")
        KNOWLEDGE = "knowledge", _("Knowledge")
        OTHER = "other", _("Other")

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    schema = models.JSONField(default=dict, blank=True)
    reason_required = models.BooleanField(
        "changes need a reason", default=False, help_text="Nobody changes a CI of this class without saying why."
    )
    reviewed_from = models.PositiveSmallIntegerField(
        "reviewed from criticality",
        null=True,
        blank=True,
        choices=Criticality,
        help_text="From this criticality on, a second person accepts each change. Empty: nobody has to.",
    )
    verify_days = models.PositiveSmallIntegerField(
        "a verification holds (days)", null=True, blank=True, validators=[MinValueValidator(1)],
        help_text="Then a CI is due to be compared with reality again. Empty: as the class above says, or 90.",
    )  # fmt: skip

    objects = CIClassQuerySet.as_manager()

    class Meta(Record.Meta):
        verbose_name = "CI class"
        verbose_name_plural = "CI classes"

    def __str__(self) -> str:
        return self.name

    @property
    def ref(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("cmdb:ci-class-detail", args=[self.code])


# Each plain attribute of a CI is a row of AttributeValue too, whichever way it was written. Those of new CIs are kept
# by one statement for all: an import writes a million at once.
PLAIN_VALUES = """
    INSERT INTO cmdb_attributevalue (ci_id, name, value)
    SELECT ci.id, each.key, each.value FROM {cis} ci CROSS JOIN LATERAL jsonb_each(
        CASE WHEN jsonb_typeof(ci.attributes) = 'object' THEN ci.attributes ELSE '{{}}' END) each
    WHERE jsonb_typeof(each.value) IN ('number', 'string', 'boolean')
        AND length(each.key) <= 100 AND length(each.value::text) <= 200;
"""
KEEP_VALUES_OF_NEW = pgtrigger.Trigger(
    name="keep_values_of_new",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    level=pgtrigger.Statement,
    referencing=pgtrigger.Referencing(new="new_values"),
    func=PLAIN_VALUES.format(cis="new_values") + "RETURN NULL;",
)
KEEP_VALUES = pgtrigger.Trigger(
    name="keep_values",
    operation=pgtrigger.UpdateOf("attributes"),
    when=pgtrigger.After,
    func="""
        IF NEW.attributes IS NOT DISTINCT FROM OLD.attributes THEN RETURN NULL; END IF;
        DELETE FROM cmdb_attributevalue WHERE ci_id = NEW.id;
    """  # noqa: S608 - our own names
    + PLAIN_VALUES.format(cis="(SELECT NEW.id, NEW.attributes)")
    + "RETURN NULL;",
)
FORGET_VALUES = pgtrigger.Trigger(
    name="forget_values",
    operation=pgtrigger.Delete,
    when=pgtrigger.After,
    func="""
        DELETE FROM cmdb_attributevalue WHERE ci_id = OLD.id;
        DELETE FROM cmdb_misfit WHERE ci_id = OLD.id;
        RETURN NULL;
    """,
)


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ConfigurationItem(Numbered):
    """A component that must be managed to deliver a service."""

    PREFIX = "CI"

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        BUILDING = "building", _("Building")
        TESTING = "testing", _("Testing")
        LIVE = "live", _("Live")
        RETIRED = "retired", _("Retired")
        LOST = "lost", _("Lost")

    Criticality = Criticality

    LIFECYCLE = Lifecycle(
        "status",
        {
            Status.PLANNED: frozenset({Status.BUILDING, Status.TESTING, Status.LIVE, Status.RETIRED}),
            Status.BUILDING: frozenset({Status.TESTING, Status.LIVE, Status.RETIRED}),
            Status.TESTING: frozenset({Status.BUILDING, Status.LIVE, Status.RETIRED}),
            Status.LIVE: frozenset({Status.RETIRED, Status.LOST}),
            Status.LOST: frozenset({Status.LIVE, Status.RETIRED}),
            Status.RETIRED: frozenset(),
        },
        path=(Status.PLANNED, Status.BUILDING, Status.TESTING, Status.LIVE, Status.RETIRED),
    )

    ci_class = models.ForeignKey(CIClass, on_delete=models.PROTECT, related_name="cis", verbose_name="class")
    name = models.CharField(max_length=200)
    environment = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=20, choices=Status, default=Status.PLANNED)
    version = models.CharField(max_length=80, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_cis"
    )
    support_team = models.ForeignKey(
        Team, null=True, blank=True, on_delete=models.PROTECT, related_name="supported_cis"
    )
    criticality = models.PositiveSmallIntegerField(choices=Criticality, default=Criticality.MEDIUM)
    attributes = models.JSONField(default=dict, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta(Numbered.Meta):
        verbose_name = "CI"
        verbose_name_plural = "CIs"
        triggers: ClassVar = [*Record.Meta.triggers, KEEP_VALUES_OF_NEW, KEEP_VALUES, FORGET_VALUES]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ci_class", "name", "environment"], name="ci_named_once_in_its_class"),
            models.CheckConstraint(name="ci_criticality_known", condition=models.Q(criticality__range=(1, 4))),
        ]
        indexes: ClassVar = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="ci_name_words"),
            words_index("ci_by_words", "name"),
            models.Index(fields=["status", "criticality"], name="ci_by_status"),
            models.Index(fields=["name"], name="ci_by_name"),
            *(models.Index(fields=[field, "id"], name=f"ci_order_{field}") for field in ORDERED),
            GinIndex(fields=["attributes"], opclasses=["jsonb_path_ops"], name="ci_by_attribute"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("cmdb:ci-detail", args=[self.number])


class ExternalKey(models.Model):
    """The name by which a source (an import, a tool) knows a CI."""

    ci = models.ForeignKey(ConfigurationItem, on_delete=models.CASCADE, related_name="external_keys")
    source = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    # What the source said of the CI the last time, as it said it; the imports that wrote the key, last named
    # it and retired the CI because it was missing. No foreign keys: an import touches all keys of its source.
    said = models.JSONField(null=True, blank=True)
    said_at = models.DateTimeField(null=True, blank=True)
    made_in = models.BigIntegerField(null=True, blank=True)
    seen_in = models.BigIntegerField(null=True, blank=True)
    gone_in = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "key"], name="external_key_is_one_ci")]

    def __str__(self) -> str:
        return f"{self.source}:{self.key}"


class AttributeValue(models.Model):
    """One plain attribute of a CI, kept by a trigger so that CIs are found by what is less or greater too."""

    ci = models.ForeignKey(
        ConfigurationItem, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="values"
    )
    name = models.CharField(max_length=100)
    value = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["ci", "name"], name="attribute_value_once")]
        indexes: ClassVar = [models.Index(fields=["name", "value", "ci"], name="attribute_by_value")]

    def __str__(self) -> str:
        return f"{self.name}: {self.value}"
