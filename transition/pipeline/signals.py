"""What an event says, freed of the words of the tool that said it."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Signal:
    """`names` are those by which the tool may call the service: a repository, an id of its own, …"""

    at: datetime
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Commit:
    sha: str
    at: datetime | None
    text: str = ""


@dataclass(frozen=True)
class Code(Signal):
    """Commits came to a branch, or a request to merge them was granted."""

    commits: tuple[Commit, ...] = ()
    text: str = ""  # branch and title, in which requirements may be named


@dataclass(frozen=True)
class Proof(Signal):
    """Tests or a pipeline's run ended; `outcome` is success, failure, or what proves nothing: cancel, error."""

    kind: str = "tests"
    name: str = ""
    outcome: str = ""
    runs: tuple[str, ...] = ()  # how the run may be called by who asks to deploy
    commits: tuple[str, ...] = ()
    artifact: str = ""
    environment: str = ""


@dataclass(frozen=True)
class Artifact:
    """A package URL, taken apart."""

    name: str = ""
    version: str = ""
    digest: str = ""


@dataclass(frozen=True)
class Published(Signal):
    artifact: Artifact = field(default_factory=Artifact)
    text: str = ""


@dataclass(frozen=True)
class Delivery(Signal):
    """A version came to an environment: `step` is running, succeeded, failed or rolled_back."""

    environment: str = ""
    step: str = "succeeded"
    artifact: Artifact = field(default_factory=Artifact)
    commits: tuple[str, ...] = ()
    run: str = ""


@dataclass(frozen=True)
class Environment(Signal):
    """An environment is there, or no longer."""

    name: str = ""
    label: str = ""
    uri: str = ""
    gone: bool = False


@dataclass(frozen=True)
class Presence(Signal):
    """A service can be reached in an environment, or no longer."""

    environment: str = ""
    gone: bool = False


@dataclass(frozen=True)
class Trouble(Signal):
    """Something broke (`step` detected, reported) or works again (resolved)."""

    step: str = "detected"
    key: str = ""
    source: str = ""
    title: str = ""
    environment: str = ""
    link: str = ""
    artifact: Artifact = field(default_factory=Artifact)


FAMILIES: dict[type[Signal], str] = {
    Code: "code", Proof: "proof", Published: "artifact", Delivery: "delivery", Environment: "environment",
    Presence: "presence", Trouble: "trouble",
}  # fmt: skip
