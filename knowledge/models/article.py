"""Knowledge articles: CIs that are written, tested by somebody else, published and retired.

What an article describes (a requirement, a service, hardware) is a CI too, so its links are
the CMDB's `describes` relations from the article's CI.
"""

from typing import ClassVar

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cmdb.models import ConfigurationItem
from itsm.kernel.lifecycle import Lifecycle
from itsm.kernel.models import Numbered
from itsm.kernel.searching import words_index


@pghistory.track()
class Article(Numbered):
    """A knowledge article; `published` is the version that readers get while a newer one is drafted."""

    PREFIX = "KA"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        IN_TEST = "in_test", _("In test")
        PUBLISHED = "published", _("Published")
        RETIRED = "retired", _("Retired")

    LIFECYCLE = Lifecycle(
        "state",
        {
            State.DRAFT: frozenset({State.IN_TEST, State.RETIRED}),
            State.IN_TEST: frozenset({State.PUBLISHED, State.DRAFT, State.RETIRED}),
            State.PUBLISHED: frozenset({State.DRAFT, State.RETIRED}),
            State.RETIRED: frozenset(),
        },
        path=(State.DRAFT, State.IN_TEST, State.PUBLISHED, State.RETIRED),
    )

    ci = models.OneToOneField(ConfigurationItem, on_delete=models.PROTECT, related_name="article")
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    audience = models.CharField(max_length=60, blank=True, help_text="For whom it is: support, operations, users.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="articles")
    review_due = models.DateField(null=True, blank=True)
    current = models.ForeignKey(
        "ArticleVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The version being worked on.",
    )
    published = models.ForeignKey("ArticleVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Numbered.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                name="published_has_a_version", condition=~Q(state="published") | Q(published__isnull=False)
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["state"], name="article_by_state"),
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="article_title_words"),
            words_index("article_by_words", "title"),
        ]
        # Published implies a passed test of that very version, whoever writes.
        triggers: ClassVar = [
            *Numbered.Meta.triggers,
            pgtrigger.Trigger(
                name="published_was_tested",
                operation=pgtrigger.Update | pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Q(new__published__isnull=False),
                func="""
                    IF NOT EXISTS (SELECT 1 FROM knowledge_articletest t
                                   WHERE t.version_id = NEW.published_id AND t.result = 'passed') THEN
                        RAISE EXCEPTION 'version % has no passed test', NEW.published_id
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    @property
    def display(self) -> str:
        return f"{self.number} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("knowledge:article-detail", args=[self.number])


@pghistory.track()
class ArticleVersion(models.Model):
    """One text of an article; it does not change once it has been tested."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    body = models.TextField(help_text="Markdown.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["article", "version"], name="article_version_once")]
        indexes: ClassVar = [words_index("article_body_by_words", "body")]

    def __str__(self) -> str:
        return f"{self.article} version {self.version}"


class ArticleTest(models.Model):
    """Somebody other than the author did what the article says; here is what came of it."""

    class Result(models.TextChoices):
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Failed")

    version = models.ForeignKey(ArticleVersion, on_delete=models.CASCADE, related_name="tests")
    tester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="article_tests")
    environment = models.CharField(max_length=60, blank=True)
    result = models.CharField(max_length=10, choices=Result)
    notes = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="tester_is_not_the_author",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF EXISTS (SELECT 1 FROM knowledge_articleversion v
                               WHERE v.id = NEW.version_id AND v.author_id = NEW.tester_id) THEN
                        RAISE EXCEPTION 'the author cannot test the article' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.result}"


class Feedback(models.Model):
    """What a reader says of an article."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="feedback")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    helpful = models.BooleanField()
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by} on {self.article}"
