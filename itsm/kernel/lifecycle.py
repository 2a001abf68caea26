"""The states of a record and the steps between them, declared once beside the model."""

from collections.abc import Collection, Mapping
from typing import Any

from itsm.kernel.errors import IllegalMove


class Lifecycle:
    """The allowed steps of one state field: {state: states that may follow}.

    `path` is the usual way, in order, as the page draws it; states off that
    way (rejected, cancelled) are shown only while a record is in one.
    """

    def __init__(self, field: str, steps: Mapping[str, frozenset[Any]], path: tuple[str, ...] = ()):
        self.field = field
        self.steps = {str(state): frozenset(str(s) for s in following) for state, following in steps.items()}
        self.path = tuple(str(state) for state in path)

    def state(self, record: Any) -> str:
        return str(getattr(record, self.field))

    def allows(self, record: Any, to: str) -> bool:
        return str(to) in self.steps.get(self.state(record), frozenset())

    def refusal(self, record: Any, to: str) -> str:
        """Why the step is not possible now, as a sentence."""
        labels = dict(type(record)._meta.get_field(self.field).flatchoices)
        now = str(labels.get(self.state(record), self.state(record))).lower()
        wanted = str(labels.get(str(to), to)).lower()
        return f"{record} is {now}; it cannot become {wanted} from there."

    def expect(self, record: Any, *, to: str) -> None:
        """Raise IllegalMove unless the step is possible now: before anything else that it would need is asked for."""
        if not self.allows(record, to):
            raise IllegalMove(self.refusal(record, to))

    def move(self, record: Any, *, to: str) -> None:
        """Set the state; the caller saves. Raises IllegalMove."""
        self.expect(record, to=to)
        setattr(record, self.field, to)

    def drawn(self, record: Any, without: Collection[str] = ()) -> list[dict[str, str]]:
        """The steps for the page: label and status (done, now, ahead, side); `without` those that it never takes."""
        labels = {str(k): str(v) for k, v in type(record)._meta.get_field(self.field).flatchoices}
        now, path = self.state(record), [s for s in self.path if s not in without]
        if now not in path:
            return [{"label": labels[s], "status": "ahead"} for s in path] + [{"label": labels[now], "status": "side"}]
        at = path.index(now)
        status = ["done" if i < at else "now" if i == at else "ahead" for i in range(len(path))]
        return [{"label": labels[s], "status": status[i]} for i, s in enumerate(path)]
