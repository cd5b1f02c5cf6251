"""The examiner's process: runs the tests, reaches the candidate by plain values only, and says what it saw."""

import ast
import os
import re
import sys

from candidate import ENTRY_POINT
from errors import RemoteError
from frames import Closed, Flood, Frames
from handles import Handle, Peer, lend_calls
from values import Malformed, Unsupported

_MAY_CALL_CHECK = re.compile(r"(?:^|;[ \t]*)check\b", re.MULTILINE)
_STOP = re.compile(r"Stop(?:Async)?Iteration")


class Examiner(Peer):
    """The tests' end of the connection."""

    def __init__(self, frames, job):
        super().__init__(frames, lend_calls)
        # The tests' word for it, not the candidate's.
        self.tests_class = job["entry"][:1].isupper()
        self.awaits_stop = awaits_stop(job)

    def stopped(self, error):
        """Only tests that name it can mean it, and of those nobody knows where they mean it."""
        name = type(error).__name__
        if self.awaits_stop:
            return self.unsupported(f"{name} would end an iteration of the tests")
        return RemoteError(f"{name}: {error}" if error.args else name)


def awaits_stop(job):
    return _STOP.search(job["preamble"]) is not None or _STOP.search(job["tests"]) is not None


def next_or_error(iterator, *default):
    """`next` for tests that know nothing of `StopIteration`: a `map` around such a call would end, and the test with it."""
    try:
        return next(iterator, *default)
    except StopIteration as end:
        # An iterator of the tests' own passes on the end of another.
        if sys._getframe(1).f_code.co_name == "__next__":
            raise
        raise RuntimeError("next() of an iterator that has ended") from end


def examine(job, frames):
    """Runs a job's tests on the candidate behind `frames`; returns the outcome as a document, and how many calls were answered."""
    peer = Examiner(frames, job)
    try:
        frames.send({"source": job["candidate"], "entry": job["entry"]})
        told = frames.receive()
        if type(told) is dict and type(told.get("invalid")) is list:
            name, message = [str(part)[:2000] for part in told["invalid"][:2]]
            return {"kind": "invalid", "type": name, "message": message}, 0
        if told != {"ready": True}:
            raise Malformed("neither ready nor invalid")
        outcome = run_tests(job, Handle(peer, ENTRY_POINT))
        if outcome["kind"] == "passed" and peer.broken is None:
            peer.finish()
    except (Closed, Flood, Malformed) as error:
        peer.broken = peer.broken or error
        outcome = None
    except Unsupported as refusal:
        peer.unsupported(str(refusal))
        outcome = None
    return conclude(peer, outcome), peer.answered


def run_tests(job, function):
    """Never imports nor executes anything of the candidate's."""
    entry = job["entry"]

    def candidate(*args, **kwargs):
        return function(*args, **kwargs)

    candidate.__name__ = candidate.__qualname__ = entry
    scope = {"__name__": "tests"} if awaits_stop(job) else {"__name__": "tests", "next": next_or_error}
    try:
        exec(compile(job["preamble"], "preamble.py", "exec"), scope)
        scope[entry] = candidate
        exec(compile(job["tests"], "tests.py", "exec"), scope)
        # Some texts call it themselves, at their end.
        if callable(scope.get("check")) and not calls_check(job["tests"]):
            scope["check"](candidate)
    except Exception as error:
        return {"kind": "failed", "type": type(error).__name__, "message": str(error)[:2000]}
    except (Closed, Flood, Malformed, Unsupported):
        raise
    except BaseException as error:
        # Tests that end the process early have not been run to their end.
        return {"kind": "failed", "type": type(error).__name__, "message": "the tests ended early"}
    return {"kind": "passed"}


def calls_check(text):
    # Most texts do not, and making a tree of one takes longer than running it.
    if _MAY_CALL_CHECK.search(text) is None:
        return False
    calls = [statement.value for statement in ast.parse(text).body if type(statement) is ast.Expr]
    return any(type(call) is ast.Call and type(call.func) is ast.Name and call.func.id == "check" for call in calls)


def conclude(peer, outcome):
    """The first cause wins: a broken connection, then a value that could not travel, then what the tests said."""
    broken = peer.broken
    if isinstance(broken, Flood):
        return {"kind": "flood", "message": "an answer is longer than allowed"}
    if isinstance(broken, Closed):
        return {"kind": "gone"}
    if broken is not None:
        return {"kind": "crashed", "message": f"the candidate broke the protocol: {broken}"}
    if peer.refused is not None:
        return {"kind": "unsupported", "message": peer.refused}
    if outcome is not None and outcome["kind"] == "passed" and peer.answered == 0:
        return {"kind": "no-calls"}
    return outcome


def quiet():
    """What tests print is nobody's evidence."""
    nothing = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    sys.setrecursionlimit(10_000)
