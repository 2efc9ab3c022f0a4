"""How fast one client may ask. The only place that knows limits."""

from collections.abc import Callable
from functools import partial
from typing import Any

from assistant.errors import PaceError
from index.once import once


class Pace:
    """At most `per_minute` questions of one client within any minute; 0 is no limit. Safe to use from several threads."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._within = once(partial(_counter, per_minute))  # made with the first question: the start doesn't wait for limits

    def take(self, client: str) -> None:
        """Count a question of `client`; PaceError where it is one too many."""
        if (n := self._per_minute) and not self._within()(client):
            raise PaceError(f"more than {n} questions within a minute; wait a little and ask again", "pace", n=n)


def _counter(per_minute: int) -> Callable[[str], bool]:
    """What counts a question of a client and says whether it is within the limit."""
    from limits import RateLimitItemPerMinute
    from limits.storage import MemoryStorage
    from limits.strategies import MovingWindowRateLimiter

    return partial(MovingWindowRateLimiter(MemoryStorage()).hit, RateLimitItemPerMinute(per_minute))


def host_of(request: Any) -> str:
    """The address that a request comes from; "" where it has none."""
    client = getattr(request, "client", None)
    return client.host if client else ""
