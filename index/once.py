"""What is loaded once per process."""

import threading
from collections.abc import Callable
from functools import cache, wraps
from typing import TypeVar

T = TypeVar("T")


def once(load: Callable[[], T]) -> Callable[[], T]:
    """`load`, called once for all threads; where it raises, the next caller tries again."""
    lock, loaded = threading.Lock(), cache(load)

    @wraps(load)
    def get() -> T:
        with lock:  # two threads that ask at once load one
            return loaded()

    return get
