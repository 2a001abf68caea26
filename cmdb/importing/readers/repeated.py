"""Which of many things come more than once, in eight bytes for each of them."""

from array import array
from collections.abc import Hashable
from functools import cached_property
from itertools import pairwise


class Repeated:
    """`add` them all, then ask. One in very many may be said to come twice though it does not."""

    def __init__(self) -> None:
        self.all = array("q")

    def add(self, thing: Hashable) -> None:
        self.all.append(hash(thing))

    def __contains__(self, thing: object) -> bool:
        return hash(thing) in self._twice

    @cached_property
    def _twice(self) -> frozenset[int]:
        ordered = sorted(self.all)
        return frozenset(one for one, next_ in pairwise(ordered) if one == next_)
