"""A limit for each test, by SIGALRM; the sandbox's wall clock stands behind it."""

import signal
import threading
import time


#: What is left to do of a test whose time is up is its tear-down: ended in the middle, it would fail the next test.
_OVERDUE_SECONDS = 1.0


class TestTimeout(BaseException):
    """Not an `Exception`: a test that catches everything ordinary must not swallow its own end."""


class Clock:
    def __init__(self, seconds):
        self._seconds = seconds
        self._deadline = None
        self.usable = seconds > 0 and hasattr(signal, "setitimer")

    def begin(self):
        self._deadline = time.monotonic() + self._seconds

    def arm(self):
        if not self._in_reach():
            return
        left = (self._deadline or time.monotonic() + self._seconds) - time.monotonic()
        if left <= 0:
            left = _OVERDUE_SECONDS
        signal.signal(signal.SIGALRM, self._ring)
        # Repeated, because the first one may be swallowed.
        signal.setitimer(signal.ITIMER_REAL, left, 1.0)

    def disarm(self):
        if self._in_reach():
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _in_reach(self):
        return self.usable and threading.current_thread() is threading.main_thread()

    def _ring(self, _signal, _frame):
        raise TestTimeout("the test's limit of %g s was reached" % self._seconds)
