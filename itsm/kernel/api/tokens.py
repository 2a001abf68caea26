"""REST: one's own API tokens."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from itsm.kernel import tokens
from itsm.kernel.actions import Action
from itsm.kernel.actor import Actor
from itsm.kernel.api.base import RecordViewSet, etag
from itsm.kernel.api.serializers import PersonField, RecordSerializer, Strict
from itsm.kernel.errors import InvalidInput
from itsm.kernel.models import ApiToken
from itsm.kernel.people.filters import TokenFilter
from itsm.kernel.permissions import rule
from itsm.kernel.scopes import Scope


class TokenSerializer(RecordSerializer):
    owner = PersonField(source="user", read_only=True)
    state = serializers.ChoiceField(["valid", "expired", "revoked"], read_only=True)

    class Meta:
        model = ApiToken
        fields = (
            *RecordSerializer.BASE,
            "owner",
            "name",
            "scopes",
            "state",
            "expires_at",
            "last_used_at",
            "revoked_at",
            "actions",
        )


class MadeTokenSerializer(TokenSerializer):
    key = serializers.CharField(read_only=True, help_text="What goes into the header. It cannot be had again.")

    class Meta(TokenSerializer.Meta):
        fields = (*TokenSerializer.Meta.fields, "key")


class TokenArguments(Strict):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(child=serializers.ChoiceField(Scope.choices), allow_empty=False)
    days = serializers.IntegerField(min_value=1, max_value=tokens.LONGEST_DAYS, default=90)


class Revocation(Strict):
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True)


def _over(token: ApiToken) -> str | None:
    return "It is revoked already." if token.revoked_at else None


@rule("Only its owner or an administrator revokes a token.")
def may_revoke(actor: Actor, token: ApiToken) -> bool:
    return actor.is_admin or token.user_id == actor.user_id


class TokenViewSet(RecordViewSet):
    """The caller's own tokens, an administrator's: everybody's. Nobody sees a key again."""

    queryset = ApiToken.objects.select_related("user").order_by("-pk")
    serializer_class = TokenSerializer
    filterset_class = TokenFilter
    record_actions = (Action("revoke", "Revoke", may_revoke, unless=_over, danger=True),)

    def get_queryset(self) -> Any:
        actor: Actor | None = getattr(self, "actor", None)
        return self.queryset.all() if actor and actor.is_admin else super().get_queryset()

    def _once(self, key: str, handler: Any) -> Any:
        """An answer with a token's key must not be kept for 24 hours."""
        raise InvalidInput.at("Idempotency-Key", "A token's key is shown once; make it without this header.")

    @extend_schema(request=TokenArguments, responses={201: MadeTokenSerializer})
    def create(self, request: Request) -> Response:
        """Make a token; its `key` is in this answer and nowhere else."""
        made, key = tokens.make_own(actor=self.actor, now=timezone.now(), **self.arguments(TokenArguments))
        fresh: Any = self.get_queryset().get(pk=made.pk)
        fresh.key = key
        body = MadeTokenSerializer(fresh, context=self.get_serializer_context()).data
        headers = {"ETag": etag(fresh), "Location": self.path_of(fresh), "Cache-Control": "no-store"}
        return Response(body, status=201, headers=headers)

    @extend_schema(request=Revocation, responses={200: TokenSerializer})
    @action(detail=True, methods=["post"])
    def revoke(self, request: Request, pk: str) -> Response:
        """End it; the next request with it is refused."""
        token = self.get_object()
        said = self.arguments(Revocation)
        with self.as_seen(token):
            return self.answer(tokens.revoke(token_id=token.pk, actor=self.actor, now=timezone.now(), **said))
