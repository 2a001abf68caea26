"""REST: knowledge articles."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from cmdb.models import ConfigurationItem
from itsm.kernel.api.base import CreateRecord, RecordViewSet, UpdateRecord
from itsm.kernel.api.serializers import PersonField, RecordSerializer, RefField, RefListField, Strict
from knowledge.actions import ARTICLE_ACTIONS
from knowledge.filters import ArticleFilter
from knowledge.models import Article, ArticleTest, ArticleVersion
from knowledge.operations import articles
from knowledge.queries.articles import described_by, listed, versions_of


class ArticleSerializer(RecordSerializer):
    owner = PersonField(read_only=True)
    ci = RefField(read_only=True)
    ON_DETAIL = ("actions", "describes")  # a list would ask once for each row what an article describes
    version = serializers.IntegerField(source="current.version", read_only=True)
    published_version = serializers.SerializerMethodField()
    body = serializers.CharField(source="current.body", read_only=True)
    describes = serializers.SerializerMethodField()

    class Meta:
        model = Article
        fields = (
            *RecordSerializer.BASE, "title", "state", "audience", "owner", "ci", "review_due", "version",
            "published_version", "body", "describes", "actions",
        )  # fmt: skip

    def get_published_version(self, article: Article) -> int | None:
        return article.published.version if article.published else None

    def get_describes(self, article: Article) -> list[dict[str, Any]]:
        return [{"id": ci.pk, "number": ci.number, "display": ci.name} for ci in described_by(article)]


class NewArticle(Strict):
    title = serializers.CharField(max_length=200)
    body = serializers.CharField()
    audience = serializers.CharField(max_length=60, required=False, allow_blank=True)
    owner = PersonField(required=False)
    describes = RefListField(ConfigurationItem.objects, required=False, max_length=100)
    review_due = serializers.DateField(required=False, allow_null=True)


class ArticleChanges(Strict):
    title = serializers.CharField(max_length=200)
    audience = serializers.CharField(max_length=60, required=False, allow_blank=True)
    owner = PersonField(required=False)
    review_due = serializers.DateField(required=False, allow_null=True)


class Link(Strict):
    ci = RefField(ConfigurationItem.objects)


class NewVersion(Strict):
    body = serializers.CharField()


class TestArguments(Strict):
    result = serializers.ChoiceField(ArticleTest.Result.choices)
    environment = serializers.CharField(max_length=60, required=False, allow_blank=True)
    notes = serializers.CharField(required=False, allow_blank=True)


class FeedbackArguments(Strict):
    helpful = serializers.BooleanField()
    comment = serializers.CharField(required=False, allow_blank=True)


class Retirement(Strict):
    reason = serializers.CharField(required=False, allow_blank=True)


class VersionSerializer(serializers.ModelSerializer):
    author = PersonField(read_only=True)
    tests = serializers.SerializerMethodField()

    class Meta:
        model = ArticleVersion
        fields = ("version", "author", "written_at", "body", "tests")

    def get_tests(self, version: ArticleVersion) -> list[dict[str, Any]]:
        return [
            {
                "tester": t.tester.username,
                "result": t.result,
                "environment": t.environment,
                "notes": t.notes,
                "at": t.at,
            }
            for t in version.tests.all()
        ]


class Versions(serializers.Serializer):
    results = VersionSerializer(many=True)


class ArticleViewSet(CreateRecord, UpdateRecord, RecordViewSet):
    queryset = listed()
    serializer_class = ArticleSerializer
    filterset_class = ArticleFilter
    record_actions = ARTICLE_ACTIONS
    create_arguments = NewArticle
    update_arguments = ArticleChanges

    def perform_create(self, data: dict[str, Any]) -> Article:
        return articles.draft(actor=self.actor, now=timezone.now(), **data)

    def perform_update(self, record: Article, data: dict[str, Any]) -> Article:
        return articles.update(article_id=record.pk, actor=self.actor, **data)

    def _do(self, operate: Any, **arguments: Any) -> Response:
        article = self.get_object()
        with self.as_seen(article):
            return self.answer(operate(article_id=article.pk, actor=self.actor, **arguments))

    @extend_schema(request=NewVersion, responses={200: ArticleSerializer})
    @action(detail=True, methods=["post"])
    def revise(self, request: Request, pk: str) -> Response:
        """Write the next version; what was published stays readable."""
        return self._do(articles.revise, now=timezone.now(), **self.arguments(NewVersion))

    @extend_schema(request=None, responses={200: ArticleSerializer})
    @action(detail=True, methods=["post"], url_path="submit-for-test")
    def submit_for_test(self, request: Request, pk: str) -> Response:
        """Ask for a test by somebody else."""
        return self._do(articles.submit_for_test)

    @extend_schema(request=TestArguments, responses={200: ArticleSerializer})
    @action(detail=True, methods=["post"], url_path="record-test")
    def record_test(self, request: Request, pk: str) -> Response:
        """Say what came of doing what the article says."""
        return self._do(articles.record_test, now=timezone.now(), **self.arguments(TestArguments))

    @extend_schema(request=None, responses={200: ArticleSerializer})
    @action(detail=True, methods=["post"])
    def publish(self, request: Request, pk: str) -> Response:
        """Let readers have the tested version."""
        return self._do(articles.publish, now=timezone.now())

    @extend_schema(request=Retirement, responses={200: ArticleSerializer})
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, pk: str) -> Response:
        """Take it out of use."""
        return self._do(articles.retire, **self.arguments(Retirement))

    @extend_schema(request=Link, responses={200: ArticleSerializer})
    @action(detail=True, methods=["post"])
    def describe(self, request: Request, pk: str) -> Response:
        """Say that it describes this CI too."""
        return self._do(articles.describe, **self.arguments(Link))

    @extend_schema(request=Link, responses={200: ArticleSerializer})
    @action(detail=True, methods=["post"], url_path="stop-describing")
    def stop_describing(self, request: Request, pk: str) -> Response:
        """Take a link away."""
        return self._do(articles.stop_describing, **self.arguments(Link))

    @extend_schema(request=FeedbackArguments, responses={200: ArticleSerializer})
    @action(detail=True, methods=["post"])
    def feedback(self, request: Request, pk: str) -> Response:
        """Say whether it helped."""
        return self._do(articles.give_feedback, now=timezone.now(), **self.arguments(FeedbackArguments))

    @extend_schema(responses={200: Versions})
    @action(detail=True, pagination_class=None, filterset_class=None)
    def versions(self, request: Request, pk: str) -> Response:
        """Every version with its tests, newest first."""
        return Response({"results": VersionSerializer(versions_of(self.get_object()), many=True).data})
