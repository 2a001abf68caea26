"""The forms of boards and of their meetings."""

from typing import Any, ClassVar

from django import forms

from changes import fields
from changes.models import AgendaItem, Board, BoardSeat, BoardVote, ChangeModel
from itsm.kernel.forms import CheckedByItsOperation
from itsm.kernel.picking import PickField, PickManyField

Seat = BoardSeat.Seat
SEATS = {"chair": Seat.CHAIR, "deputies": Seat.DEPUTY, "members": Seat.MEMBER, "secretaries": Seat.SECRETARY}


class BoardForm(CheckedByItsOperation, forms.ModelForm):
    """Who sits there, what it looks at, when it meets, how it decides."""

    chair = PickField("person", required=False)
    deputies = PickManyField("person", required=False, label="Deputy chairs")
    members = PickManyField("person", required=False, label="Members with a vote")
    secretaries = PickManyField("person", required=False, help_text="They run agenda and minutes, and do not vote.")
    types = forms.MultipleChoiceField(
        choices=ChangeModel.Type.choices, required=False, widget=forms.CheckboxSelectMultiple,
        label="Which types of change?", help_text="None: all.",
    )  # fmt: skip
    services = PickManyField("service", required=False, label="Changes of which services?")
    first_start = fields.Moment(required=False, label="First meeting")

    class Meta:
        model = Board
        fields: ClassVar = [
            "name", "kind", "purpose", "chair", "deputies", "members", "secretaries", "role", "decides_by", "quorum",
            "types", "services", "least_risk", "horizon_days", "first_start", "recurrence", "time_zone",
            "duration_minutes", "item_minutes", "fixed_minutes_before", "active",
        ]  # fmt: skip
        labels: ClassVar = {
            "role": "It decides the authorisations of",
            "decides_by": "How does it decide?",
            "least_risk": "Changes of which risk and above?",
            "horizon_days": "Only changes that begin within so many days of the meeting",
            "recurrence": "Rhythm",
        }
        help_texts: ClassVar = {
            "role": "A member must hold this role to vote.",
            "recurrence": "Such as FREQ=WEEKLY;BYDAY=TU; empty: it meets when it is called.",
            "horizon_days": "Empty: all that waits for it.",
            "active": "Take the tick away when it is no longer held.",
        }
        widgets: ClassVar = {"purpose": forms.Textarea(attrs={"rows": 2})}

    def clean(self) -> dict[str, Any]:
        """The people by their seat, as the operations take them."""
        said: dict[str, Any] = super().clean() or {}
        people = {SEATS[name]: said.pop(name, None) for name in SEATS}
        said["members"] = {str(seat): [who] if seat == Seat.CHAIR else list(who) for seat, who in people.items() if who}
        return said

    @classmethod
    def of(cls, board: Board) -> dict[str, Any]:
        """What the form shows of a board that exists, beside its own fields."""
        found: dict[str, Any] = {name: [] for name in SEATS}
        for one in board.seated:
            found[next(name for name, seat in SEATS.items() if seat == one.seat)].append(one.user)
        return found | {"chair": board.chair, "services": board.services.all(), "types": board.types}


class CallForm(forms.Form):
    starts_at = fields.Moment(label="When?")
    changes = PickManyField("change", required=False, label="About which changes?", help_text="The rule brings others.")
    reason = fields.Text(required=False, label="Why?")


class AddItemForm(forms.Form):
    change = PickField("change", label="Which change?")
    reading = forms.URLField(required=False, max_length=500, assume_scheme="https", label="What is to be read before?")
    reason = fields.Text(required=False, label="Why?", help_text="Needed once the agenda is fixed.")


class MinuteForm(forms.Form):
    notes = fields.Text(required=False, rows=6, label="What else was said?")


class ItemForm(forms.Form):
    """Which item a button is about."""

    item = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)


class MoveForm(ItemForm):
    up = forms.BooleanField(required=False)


class NoteForm(ItemForm):
    note = fields.Text(required=False, rows=2, label="For the minutes")


class WithdrawForm(ItemForm):
    reason = fields.Text(label="Why is it taken off?")


class BallotForm(ItemForm):
    """One's vote about what was read."""

    vote = forms.ChoiceField(
        choices=BoardVote.Choice.choices, widget=forms.HiddenInput, error_messages={"required": "Choose a button."}
    )
    fingerprint = forms.CharField(max_length=64, widget=forms.HiddenInput)
    comment = fields.Text(required=False, label="Comment")


class RulingForm(ItemForm):
    """What the board decides about what was read; `revision` is the meeting's."""

    decision = forms.ChoiceField(
        choices=AgendaItem.State.choices, widget=forms.HiddenInput, error_messages={"required": "Choose a button."}
    )
    fingerprint = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    revision = forms.IntegerField(widget=forms.HiddenInput)
    comment = fields.Text(required=False, label="Comment")
