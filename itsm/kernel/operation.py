"""`@operation`: a named verb that is atomic and whose every write carries its actor."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import transaction

from itsm.kernel import events, history
from itsm.kernel.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")
_within: ContextVar[bool] = ContextVar("within_an_operation", default=False)


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Run the verb in one transaction, with history attributed to its `actor`.

    The verb takes keywords only, `actor` among them; a `reason` argument, where it
    has one, goes into the history too. A verb within another is part of it: when it fails, the whole fails.
    What it tells of (`events.record`) is written at its end.
    """
    module = function.__module__.split(".operations.")[-1].removeprefix("itsm.kernel.").removesuffix(".operations")
    through = f"{module}.{function.__name__}"

    @wraps(function)
    def perform(*args: P.args, **kwargs: P.kwargs) -> R:
        actor: Any = kwargs["actor"]
        if not isinstance(actor, Actor):
            raise TypeError(f"{through} needs an Actor, not {type(actor).__name__}.")
        reason = str(kwargs.get("reason") or "")
        token = _within.set(True)
        try:
            with (
                transaction.atomic(savepoint=token.old_value is not True),
                history.attributed(actor, through=through, reason=reason),
                events.told_together(),
            ):
                return function(*args, **kwargs)
        finally:
            _within.reset(token)

    perform.is_operation = True  # type: ignore[attr-defined]
    return perform
