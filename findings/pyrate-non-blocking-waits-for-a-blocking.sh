#!/usr/bin/env bash
# pyrate-limiter 4.5.1: Limiter.try_acquire_async(blocking=False) is to "return immediately" (its docstring), and says by
# False that there is no room. While another task of the same loop waits for a permit, it waits too, as long as that one:
# the lock of the loop is held through the whole wait. So does timeout=0, and so does another key, which has a bucket of its
# own with room. The blocking try_acquire() lets go of its lock meanwhile.
# Seen: about 1.5 seconds for blocking=False, for timeout=0, and for the free key; no time at all in a second thread.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install pyrate-limiter==4.5.1
"$place/venv/bin/python" - <<'PYTHON'
import asyncio
import threading
import time

from pyrate_limiter import BucketFactory, InMemoryBucket, Limiter, MonotonicClock, Rate, RateItem


class ByName(BucketFactory):
    def __init__(self):
        self.clock, self.named = MonotonicClock(), {}

    def wrap_item(self, name, weight=1):
        return RateItem(name, self.clock.now(), weight=weight)

    def get(self, item):
        if item.name not in self.named:
            self.named[item.name] = InMemoryBucket([Rate(1, 1500)])
        return self.named[item.name]


async def asked(name: str, **how) -> float:
    limiter = Limiter(ByName())
    await limiter.try_acquire_async("busy")
    waiting = asyncio.create_task(limiter.try_acquire_async("busy"))
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await limiter.try_acquire_async(name, **how)
    took = time.monotonic() - began
    assert await waiting
    return took


def in_a_thread() -> float:
    limiter = Limiter(ByName())
    limiter.try_acquire("busy")
    thread = threading.Thread(target=limiter.try_acquire, args=("busy",))
    thread.start()
    time.sleep(0.1)
    began = time.monotonic()
    assert limiter.try_acquire("busy", blocking=False) is False
    took = time.monotonic() - began
    thread.join()
    return took


found = {
    "blocking=False": asyncio.run(asked("busy", blocking=False)),
    "timeout=0": asyncio.run(asked("busy", timeout=0)),
    "another key": asyncio.run(asked("free", blocking=False)),
}
beside = in_a_thread()
print({how: round(took, 1) for how, took in found.items()}, "and in a second thread", round(beside, 1))
assert min(found.values()) > 1
assert beside < 0.5
PYTHON
