"""REST: webhooks of GitHub and GitLab. They bring no token; their signature says which source they come from."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from itsm.kernel import sealing
from itsm.kernel.actor import Actor
from transition.api.pipeline_events import ReceiptSerializer, body_of, receipts
from transition.models import PipelineSource
from transition.operations import pipeline_events
from transition.operations.pipeline_sources import PURPOSE
from transition.pipeline import signatures, webhooks


class Signature(BaseAuthentication, ABC):
    """Finds the source whose secret vouches for the request; without one it is refused (401)."""

    kind: ClassVar[str]
    header: ClassVar[str]

    def authenticate(self, request: Request) -> tuple[Any, PipelineSource]:
        said = request.headers.get(self.header, "")
        source = self.vouched(said, request) if said else None
        if source is None:
            raise AuthenticationFailed(f"{self.header} is missing, or no active source of this kind has that secret.")
        return AnonymousUser(), source

    def authenticate_header(self, request: Request) -> str:
        return self.header

    def known(self) -> list[tuple[PipelineSource, str]]:
        found = []
        for source in PipelineSource.objects.active().filter(kind=self.kind).order_by("pk"):
            try:
                found.append((source, sealing.unseal(source.secret, purpose=PURPOSE)))
            except sealing.Sealed:  # SECRET_KEY has changed; an administrator makes a new one
                continue
        return found

    @abstractmethod
    def vouched(self, said: str, request: Request) -> PipelineSource | None:
        """The source whose secret the header proves, if there is one."""


class GitHubSignature(Signature):
    kind, header = PipelineSource.Kind.GITHUB, "X-Hub-Signature-256"

    def vouched(self, said: str, request: Request) -> PipelineSource | None:
        return signatures.signed_by(said, body_of(request), self.known())


class GitLabToken(Signature):
    kind, header = PipelineSource.Kind.GITLAB, "X-Gitlab-Token"

    def vouched(self, said: str, request: Request) -> PipelineSource | None:
        return signatures.told_by(said, self.known())


class Vouched(BasePermission):
    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.auth, PipelineSource)


class Webhook(APIView):
    """Kept first and answered 202, as any event; the delivery's id keeps it from being kept twice."""

    permission_classes: ClassVar = [Vouched]
    read: Callable[..., Any]

    def taken(self, request: Request) -> Response:
        source: Any = request.auth
        event = type(self).read(dict(request.headers), body_of(request))
        actor = Actor.system(f"{source.get_kind_display()}: {source}"[:100])
        return receipts(request, pipeline_events.receive_from(source=source, events=[event], actor=actor), False)


class GitHubWebhook(Webhook):
    authentication_classes: ClassVar = [GitHubSignature]
    read = staticmethod(webhooks.from_github)

    @extend_schema(operation_id="transition_events_github", request=dict, responses={202: ReceiptSerializer})
    def post(self, request: Request) -> Response:
        """A webhook of GitHub, signed by X-Hub-Signature-256."""
        return self.taken(request)


class GitLabWebhook(Webhook):
    authentication_classes: ClassVar = [GitLabToken]
    read = staticmethod(webhooks.from_gitlab)

    @extend_schema(operation_id="transition_events_gitlab", request=dict, responses={202: ReceiptSerializer})
    def post(self, request: Request) -> Response:
        """A webhook of GitLab, with X-Gitlab-Token."""
        return self.taken(request)


class GitHubScheme(OpenApiAuthenticationExtension):
    target_class = GitHubSignature
    name = "github"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": GitHubSignature.header}


class GitLabScheme(OpenApiAuthenticationExtension):
    target_class = GitLabToken
    name = "gitlab"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": GitLabToken.header}
