"""
A process between the warm one and its candidates: it has collected the tests of some files once, with stand-ins for the project's
sources, and forks for each candidate that leaves everything but those sources alone. Nothing of a candidate is ever loaded in it.
"""

import gc
import importlib
import json
import os
import select
import signal
import sys

import assay_selection
import assay_stand_ins

_COLLECTING_SECONDS_MAX = 20.0


class Collected:
    """`attempt` gives None where the tests cannot be collected ahead of the candidate."""

    def __init__(self, project, sources):
        self._project = project
        self._sources = frozenset(sources)
        self._files = None
        self._process = None

    def attempt(self, request, run):
        """In the process between, this returns its `Between`; it goes on to collect and then serves."""
        if not self._sources.issuperset(request["files"]):
            return None
        files = assay_selection.test_files(self._project, request["tests"])
        if self._files != files:
            self._end()
            self._files = files
            between = self._open(run)
            if between is not None:
                return between
        if self._process is None:
            return None
        _, ask, answers = self._process
        ask.write(json.dumps(request["tests"]).encode() + b"\n")
        ask.flush()
        line = answers.readline()
        if not line:
            os._exit(1)  # A candidate ended it: what else of that candidate is alive is unknown, so nothing may go on here.
        return json.loads(line)

    def _open(self, run):
        ask, answer = os.pipe(), os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ask[1])
            os.close(answer[0])
            os.closerange(200, 300)  # the warm process's way in and out
            return Between(self._project, self._sources, self._files, run, os.fdopen(ask[0], "rb"), answer[1])
        os.close(ask[0])
        os.close(answer[1])
        answers = os.fdopen(answer[0], "rb")
        self._process = (pid, os.fdopen(ask[1], "wb"), answers)
        # Importing a test module may hang; then its candidates are tried the slower way, with their own deadline.
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


class Between:
    def __init__(self, project, sources, files, run, requests, answers):
        self.files = files
        self._run = run
        self._requests = requests
        self._answers = answers
        self._stand_ins = assay_stand_ins.StandIns(project, sources)

    def begin(self):
        sys.meta_path.insert(0, self._stand_ins)

    def serve(self, begin):
        """Returns only in a candidate's process, where `begin` was called: a function that binds the candidate's names."""
        rebind = self._stand_ins.rebinding()
        if rebind is None:
            os._exit(0)
        self._stand_ins.withdraw()
        gc.collect()
        gc.freeze()
        # A short-lived child spends more on looking for garbage than it gains; its memory is bounded, and explicit collections work.
        gc.set_threshold(50_000, 20, 20)
        os.write(self._answers, b"+")
        for line in self._requests:
            outcome = self._run(json.loads(line), begin)
            if outcome is None:
                os.close(self._answers)
                self._requests.close()
                importlib.invalidate_caches()
                return rebind
            os.write(self._answers, json.dumps(outcome).encode() + b"\n")
        os._exit(0)
