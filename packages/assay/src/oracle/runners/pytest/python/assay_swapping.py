"""
A process beside the warm one that has the tests collected and the unedited project loaded. For each batch of edits it forks a child,
which tries one after the other (`assay_swapped`); where one hangs or ends the process, another child goes on behind it.
"""

import gc
import itertools
import json
import os
import resource
import select
import signal
import sys
import tempfile
import time

import assay_contrast
import assay_selection
from assay_swapped import Swapped
from assay_tests import TestRun
from assay_units import SourceUnits

_COLLECTING_SECONDS_MAX = 20.0
#: Of a child before its first candidate, and of its looking at the unedited project.
_STARTUP_SECONDS_MAX = 20.0
_BATCH_SECONDS_MAX = 5.0
_CONTRASTING_SECONDS_MAX = 20.0
#: What an edit may take at first, at least, and by how many times a test that passes: who needs more is tried again with all the time.
_QUICK_SECONDS = 0.3
_QUICK_FACTOR = 20
_UNMEASURED = {"most": 0, "seconds": 0.0, "seen": [], "tests": [], "failing": [], "odd": []}
#: Of a child's data, beyond what it starts with: an edit that fills more is not worth the time that takes.
_MEMORY_BYTES_MAX = 256 << 20


def nothing(batch):
    """The answer where edits cannot share a process: to a batch, or to a question what tells them apart."""
    return {"kind": "difference", "compared": False, "found": None} if "tests" in batch else {"kind": "batch", "outcomes": []}


class Swapping:
    """In the warm process. `attempt` returns a `Swapper` in the process beside it."""

    def __init__(self, project, sources, tidy, test_seconds_max, memory_bytes_max):
        self._project = project
        self._sources = sources
        self._tidy = tidy
        self._limits = (test_seconds_max, memory_bytes_max)
        self._files = None
        self._process = None

    def attempt(self, batch):
        lists = [batch["tests"]] if "tests" in batch else [batch["targets"], *batch["orders"]]
        tests = {test for order in lists for test in order}
        files = set(assay_selection.test_files(self._project, tests))
        if self._files is None or not files <= self._files:
            self._end()
            self._files = files | (self._files or set())
            swapper = self._open()
            if swapper is not None:
                return swapper
        if self._process is None:
            return nothing(batch)
        _, ask, answers = self._process
        ask.write(json.dumps(batch).encode() + b"\n")
        ask.flush()
        line = answers.readline()
        if not line:
            os._exit(1)  # As with `Collected`: what else of that candidate is alive is unknown.
        return json.loads(line)

    def _open(self):
        ask, answer = os.pipe(), os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ask[1])
            os.close(answer[0])
            os.closerange(200, 300)  # the warm process's way in and out
            files = sorted(self._files)
            return Swapper(self._project, self._sources, self._tidy, files, self._limits, os.fdopen(ask[0], "rb"), answer[1])
        os.close(ask[0])
        os.close(answer[1])
        answers = os.fdopen(answer[0], "rb")
        self._process = (pid, os.fdopen(ask[1], "wb"), answers)
        ready = select.select([answers], [], [], _COLLECTING_SECONDS_MAX)[0]
        if not ready or answers.read(1) != b"+":
            self._end()
        return None

    def _end(self):
        if self._process is None:
            return
        pid, ask, answers = self._process
        self._process = None
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        ask.close()
        answers.close()


class Swapper:
    """In the process beside the warm one."""

    def __init__(self, project, sources, tidy, files, limits, requests, answers):
        self.files = files
        self._project = project
        self._sources = sources
        self._tidy = tidy
        self._test_seconds_max, self._memory_bytes_max = limits
        self._requests = requests
        self._answers = answers
        self._measured = {}
        self._loaded = set()

    def begin(self):
        """What runs from now on, until the tests are collected, does so when modules are loaded: an edit of it comes too late here."""
        within = self._project.root + os.sep

        def note(frame, event, _argument):
            code = frame.f_code
            if event == "call" and code.co_name != "<module>" and code.co_filename.startswith(within):
                self._loaded.add((code.co_filename, code.co_firstlineno))

        sys.setprofile(note)

    def serve(self, items):
        """Never returns."""
        sys.setprofile(None)
        known = TestRun(items)
        sources = self._units()
        swapped = Swapped(sources, items, self._loaded, self._tidy)
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        os.write(self._answers, b"+")
        for line in self._requests:
            batch = json.loads(line)
            if "tests" in batch:
                told = self._tell_apart(swapped, batch) if batch["file"] in sources else None
                told = told or {"compared": False, "found": None}
                os.write(self._answers, json.dumps(dict(told, kind="difference")).encode() + b"\n")
                continue
            tests = [*batch["targets"], *(test for order in batch["orders"] for test in order)]
            sound = batch["file"] in sources and all(known.knows(test) for test in tests)
            outcomes = self._serve(swapped, batch) if sound else []
            os.write(self._answers, json.dumps({"kind": "batch", "outcomes": outcomes}).encode() + b"\n")
        os._exit(0)

    def _units(self):
        numbers, units = itertools.count(), {}
        for file in self._sources:
            path = os.path.join(self._project.root, file)
            try:
                with open(path, encoding="utf-8", newline="") as source:
                    units[file] = SourceUnits(path, source.read(), numbers)
            except (OSError, SyntaxError, ValueError, RecursionError):
                continue
        return units

    def _serve(self, swapped, batch):
        """Outcomes by candidate; time may be up before some of them are reached."""
        file, ends = batch["file"], time.monotonic() + _BATCH_SECONDS_MAX
        swapped.prepare(file)
        known = self._measured.get(file, _UNMEASURED)
        tests = {*batch["targets"], *(test for order in batch["orders"] for test in order)}
        if not tests.issubset(known["tests"]):
            known = self._measured[file] = self._measure(swapped, batch, known) or known
        if batch["targets"] and set(known["failing"]).isdisjoint(batch["targets"]):
            return []
        left, outcomes = list(batch["candidates"]), []
        while left and time.monotonic() < ends:
            seconds = max(0.0, ends - time.monotonic())
            settled = self._try(swapped, dict(batch, candidates=left, seconds=seconds))
            if not settled:
                break
            outcomes += settled
            done = {outcome["id"] for outcome in outcomes}
            left = [candidate for candidate in left if candidate["id"] not in done]
        return outcomes

    def _measure(self, swapped, batch, known):
        with Child(self._become_child(lambda tell: tell({"measured": swapped.measure(batch, known)}))) as child:
            for message in child.messages(lambda: _STARTUP_SECONDS_MAX):
                return message["measured"]
        return None

    def _tell_apart(self, swapped, request):
        swapped.prepare(request["file"])
        work = self._become_child(lambda tell: tell({"told": assay_contrast.tell_apart(swapped, request)}))
        with Child(work) as child:
            for message in child.messages(lambda: _CONTRASTING_SECONDS_MAX):
                if "told" in message:
                    return message["told"]
        return None

    def _try(self, swapped, batch):
        """What was settled while one process was clean, with the candidate that ended it, or all that may have made it unclean."""
        settled, waiting, trying = [], [], None
        work = self._become_child(lambda tell: swapped.serve(batch, self._measured[batch["file"]], tell))
        limit = self._test_seconds_max
        if batch["fuelFactor"] == 1:
            limit = min(limit, max(_QUICK_SECONDS, _QUICK_FACTOR * self._measured[batch["file"]]["seconds"]))
        with Child(work) as child:
            for message in child.messages(lambda: _STARTUP_SECONDS_MAX if trying is None else limit):
                if "running" in message:
                    continue
                if "trying" in message:
                    trying = message["trying"]
                elif "clean" in message:
                    unclean = [one if one["kind"] == "passed" else dict(one, kind="unsuited") for one in waiting]
                    settled += waiting if message["clean"] else unclean
                    waiting = []
                else:
                    waiting.append(message)
                    trying = None
            if trying is not None:
                settled.append({"id": trying, "kind": "timed-out" if child.late else "failed"})
            elif waiting:
                # Looking at the unedited project did not come to an end.
                settled += [dict(one, kind="unsuited") for one in waiting]
        return settled

    def _become_child(self, work):
        def run(sink):
            os.setpgid(0, 0)
            os.close(self._answers)
            self._requests.close()
            most = min(self._memory_bytes_max, _data_bytes() + _MEMORY_BYTES_MAX)
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            tempfile.tempdir = None
            owner = os.getpid()

            def tell(message):
                if os.getpid() == owner:
                    os.write(sink, json.dumps(message).encode("ascii") + b"\n")

            work(tell)

        return run


class Child:
    """A fork that tells what it does over a pipe; it is ended with the block."""

    def __init__(self, work):
        self._source, sink = os.pipe()
        self.late = False
        self._pid = os.fork()
        if self._pid == 0:
            try:
                os.close(self._source)
                work(sink)
            finally:
                os._exit(0)
        os.close(sink)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self._source)
        for kill in (os.killpg, os.kill):
            try:
                kill(self._pid, signal.SIGKILL)
            except OSError:
                pass  # no group of its own yet, or gone
        os.waitpid(self._pid, 0)

    def messages(self, seconds_max):
        """Until the child ends, or is silent for longer than it may be: it is `late` then."""
        pending = b""
        while True:
            self.late = not select.select([self._source], [], [], seconds_max())[0]
            part = b"" if self.late else os.read(self._source, 65536)
            if not part:
                return
            *lines, pending = (pending + part).split(b"\n")
            for line in lines:
                yield json.loads(line)


def _data_bytes():
    with open("/proc/self/statm", "rb") as file:
        return int(file.read().split()[5]) * os.sysconf("SC_PAGE_SIZE")
