"""The decision card: why you, who decides, what bars it, and the buttons."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from changes import rules
from changes.fingerprint import fingerprint_of
from changes.forms import DecideForm
from changes.models import Authorisation, ChangeRequest, Decision
from changes.queries.authorisations import Asked, is_overdue
from changes.queries.basics import Examination
from changes.views.request_parts import answer_url
from changes.views.verbs import in_queue
from itsm.kernel.actor import Actor
from itsm.kernel.middleware import Request
from itsm.kernel.models import User
from itsm.kernel.permissions import allowed
from itsm.kernel.templatetags import _time

State = Authorisation.State
WAITING = {State.PENDING: ("open", "waits"), State.MORE_INFORMATION: ("warn", "asked for more")}
OBJECTS = "You object to this plan. Say it anew when it has been mended, or when you have changed your mind."
OWN_OF_GIVER = "The one you stand in for requested this change or has a task in it, so somebody else decides."
OWN = "You requested this change or have a task in it, so somebody else decides."


def card_of(
    change: ChangeRequest, found: Examination, request: Request, form: DecideForm | None = None
) -> dict[str, Any]:
    """What the card shows; a form only for who has the role."""
    counted = [one for one in found.asked if one.authorisation.state != State.FALLEN]
    waits = _mine(counted, request.actor) if change.status in ChangeRequest.DECIDABLE else None
    card: dict[str, Any] = {"title": "Decision", "who": [_seat(one, waits) for one in counted], "of": change}
    card["asked"] = _asked_back(change, counted, request.actor)
    if waits is None and change.status in ChangeRequest.PLANNABLE and request.actor.user_id in found.to_hear:
        say = reverse("changes:request-give-view", args=[change.number])
        card |= {"title": "Your view", "view_url": f"{say}?seen={fingerprint_of(change)}"}
        objects = request.actor.user_id in found.hearing.objections
        return card | {
            "text": OBJECTS if objects else "It may hit a service that you own. Read it, then say your view."
        }
    if waits is None:
        return card | {"text": _said(change, counted), "why": _why(counted[0].authorisation, "By") if counted else None}
    card |= {"title": "Your decision", "point": waits.get_point_display(), "why": _why(waits, "Why you")}
    voices = rules.unbiased_voices(request.actor, waits, found.tasks)
    if not voices:
        own = rules.is_own_change(request.actor, change, found.tasks)
        return card | {"barred": OWN if own else OWN_OF_GIVER, "only_barred": True}
    if None not in voices:
        card["behalf"] = User.objects.filter(pk=voices[0] or 0).first()
    seen = {"revision": waits.revision, "fingerprint": waits.fingerprint}
    return card | {
        "url": reverse("changes:authorisation-decide", args=[waits.number]) + in_queue(request),
        "form": form or DecideForm(initial=seen),
        "seen": seen,
        "digest": f"{waits.fingerprint[:4]}…{waits.fingerprint[-2:]}",
        **_blocked(change, found, request),
    }


def _asked_back(change: ChangeRequest, counted: list[Asked], actor: Actor) -> list[dict[str, Any]]:
    """What deciders wanted to know: the last question of each, its answer, or where to give it."""
    if change.status not in ChangeRequest.DECIDABLE:
        return []
    may_answer = allowed(rules.may_plan, actor, change)
    rows = []
    for one in counted:
        talk = [said for said in one.said if said.verdict not in Decision.FINAL]
        asked = [at for at, said in enumerate(talk) if said.verdict == Decision.Verdict.MORE_INFORMATION]
        if one.authorisation.state in Authorisation.OPEN and asked:
            answers = talk[asked[-1] + 1 :]
            url = "" if answers or not may_answer else answer_url(one.authorisation)
            rows.append({"question": talk[asked[-1]], "answers": answers, "url": url})
    return rows


def _mine(counted: list[Asked], actor: Actor) -> Authorisation | None:
    """The open authorisation that this actor has the role for, in a name that was not heard on it yet."""
    for one in counted:
        if one.authorisation.state not in Authorisation.OPEN or actor.user_id in one.heard:
            continue
        if set(rules.voices(actor, one.authorisation)) - (one.heard - {None}):
            return one.authorisation
    return None


def _blocked(change: ChangeRequest, found: Examination, request: Request) -> dict[str, Any]:
    blocking = sum(verdict.blocks for verdict in found.verdicts)
    if not blocking:
        return {}
    may_waive = allowed(rules.may_waive, request.actor, change)
    waive = reverse("changes:request-waive", args=[change.number]) + in_queue(request)
    return {
        "barred": "One of the basics blocks." if blocking == 1 else f"{blocking} of the basics block.",
        "them": "it" if blocking == 1 else "them",
        "waive_url": waive if may_waive else "",
    }


def _why(authorisation: Authorisation, label: str) -> dict[str, str]:
    policy = authorisation.policy
    return {"label": label, "policy": str(policy), "url": policy.get_absolute_url(), "rule": authorisation.rule}


def _seat(one: Asked, waits: Authorisation | None) -> dict[str, str]:
    """One line of who decides: the role, and the people who did."""
    authorisation, people = one.authorisation, ", ".join(str(said) for said in one.final)
    label = str(authorisation.get_role_display())
    if authorisation.quorum > 1:
        label += f", {len(one.final)} of {authorisation.quorum}"
    if authorisation.state not in WAITING:
        return {"label": label, "kind": "block" if authorisation.state == State.REJECTED else "ok", "word": people}
    kind, word = WAITING[State(authorisation.state)]
    if authorisation is waits:
        kind, word = "open", "you" if authorisation.state == State.PENDING else "you, asked for more"
    if is_overdue(authorisation, timezone.now()):
        kind, word = "warn", f"{word}, overdue"
    elif authorisation.due_at and authorisation.state == State.PENDING:
        word += f", by {_time.moment(authorisation.due_at)}"
    return {"label": label, "kind": kind, "word": f"{people}, {word}" if people else word}


def _said(change: ChangeRequest, counted: list[Asked]) -> str:
    states = {one.authorisation.state for one in counted}
    if State.REJECTED in states:
        return "It was rejected. It can be revised and submitted anew."
    if State.MORE_INFORMATION in states:
        return "It waits for an answer; until then the clock of who asked rests."
    if states & set(Authorisation.OPEN):
        return "It waits for others; there is nothing for you to decide."
    if counted:
        return "Everybody who had to decide has authorised it."
    if change.status == ChangeRequest.Status.DRAFT:
        return "Nobody is asked before it is submitted."
    return "Nobody was asked."
