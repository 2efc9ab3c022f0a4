"""How fast one client may ask. The only place that knows limits."""

from typing import Any

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.errors import PaceError


class Pace:
    """At most `per_minute` questions of one client within any minute; 0 is no limit. Safe to use from several threads."""

    def __init__(self, per_minute: int) -> None:
        self._limit = RateLimitItemPerMinute(per_minute) if per_minute else None
        self._seen = MovingWindowRateLimiter(MemoryStorage())

    def take(self, client: str) -> None:
        """Count a question of `client`; PaceError where it is one too many."""
        if self._limit and not self._seen.hit(self._limit, client):
            n = self._limit.amount
            raise PaceError(f"more than {n} questions within a minute; wait a little and ask again", "pace", n=n)


def host_of(request: Any) -> str:
    """The address that a request comes from; "" where it has none."""
    client = getattr(request, "client", None)
    return client.host if client else ""
