"""Slowing down who guesses. The counts live in the memory of one process and are gone with it: enough against trying
codes one after the other, and nothing to keep about anybody."""

from dataclasses import dataclass

from django.core.cache import cache


@dataclass(frozen=True)
class Throttle:
    """At most `limit` tries of one key in a row of `seconds`, counted from the first."""

    name: str
    limit: int
    seconds: int

    def is_over(self, key: str) -> bool:
        """Whether the key has no try left for now."""
        return int(cache.get(self._place(key), 0)) >= self.limit

    def count(self, key: str) -> None:
        """Notes a try of the key."""
        cache.add(self._place(key), 0, self.seconds)
        try:
            cache.incr(self._place(key))
        except ValueError:  # the time ran out between the two
            cache.set(self._place(key), 1, self.seconds)

    def _place(self, key: str) -> str:
        return f"throttle:{self.name}:{key}"
