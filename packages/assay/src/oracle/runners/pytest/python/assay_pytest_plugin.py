"""Tells what pytest collects and what becomes of each test, as events on the run's channel."""

import os
import random
import sys

import pytest
from _pytest._io.saferepr import saferepr

import assay_clock
import assay_failure
import assay_options

_WORST = ("passed", "skipped", "timed-out", "errored", "failed")
_IDS_PER_EVENT = 500


class AssayPlugin:
    def __init__(self, channel, project, selection, clock, coverage=None, shuffle_seed=None):
        self._channel = channel
        self._project = project
        self._selection = selection
        self._clock = clock
        self._coverage = coverage
        self._shuffle_seed = shuffle_seed
        self._comparison = None
        self._described = {}
        self._outcome = None
        self._failure = None
        self._duration = 0.0
        self.interrupted = False

    # Starting up

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_cmdline_parse(self):
        self._report_broken_start((yield))

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_cmdline_main(self):
        self._report_broken_start((yield))

    def _report_broken_start(self, result):
        if result.excinfo is not None and not issubclass(result.excinfo[0], (KeyboardInterrupt, pytest.exit.Exception)):
            self.interrupted = True
            self._collect_error(result.excinfo[1])

    @pytest.hookimpl(tryfirst=True)
    def pytest_load_initial_conftests(self, args):
        assay_options.drop_disruptive(args)

    def pytest_internalerror(self, excrepr):
        self.interrupted = True
        sys.stderr.write(str(excrepr)[:10000] + "\n")

    def pytest_keyboard_interrupt(self):
        self.interrupted = True

    # Collecting

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        result = yield
        if result.excinfo is not None:
            self._collect_error(result.excinfo[1], collector.nodeid)
            return
        report = result.get_result()
        call = getattr(report, "call", None)
        if report.outcome == "failed" and getattr(call, "excinfo", None) is not None:
            self._collect_error(call.excinfo.value, collector.nodeid)

    def _collect_error(self, error, nodeid=""):
        failure = assay_failure.describe(error, None, self._project)
        path = nodeid.split("::", 1)[0]
        if path:
            failure.setdefault("file", path)
        # Folders are collected too, and fail for their conftest files: those are no files with tests.
        if path and os.path.isfile(os.path.join(self._project.root, path)):
            failure["testFile"] = assay_failure.cap(path)
        self._channel.send("collect-error", failure=failure)

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config, items):
        if self._selection:
            chosen, others = [], []
            for item in items:
                (chosen if self._selection.covers(item.nodeid) else others).append(item)
            if others:
                config.hook.pytest_deselected(items=others)
                items[:] = chosen
        if self._shuffle_seed is not None:
            # pytest sets fixtures of a wider scope up again wherever the new order leaves and enters their scope.
            random.Random(self._shuffle_seed).shuffle(items)

    def pytest_collection_finish(self, session):
        ids = [item.nodeid for item in session.items]
        for start in range(0, len(ids), _IDS_PER_EVENT):
            self._channel.send("collected", ids=ids[start:start + _IDS_PER_EVENT])

    # Running

    def pytest_runtest_logstart(self, nodeid):
        self._outcome, self._failure, self._duration = None, None, 0.0
        self._described.clear()
        self._clock.begin()
        self._channel.send("running", id=nodeid)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_setup(self):
        yield from self._bounded()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_call(self):
        yield from self._bounded()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_teardown(self):
        yield from self._bounded()

    def _bounded(self):
        self._comparison = None
        self._clock.arm()
        try:
            yield
        finally:
            self._clock.disarm()

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item):
        if self._coverage is None:
            yield
            return
        self._coverage.start()
        try:
            yield
        finally:
            files = self._coverage.stop()
            self._channel.send("coverage", id=item.nodeid, files=files)

    @pytest.hookimpl(tryfirst=True)
    def pytest_assertrepr_compare(self, op, left, right):
        self._comparison = None
        if op != "==":
            return
        frame = sys._getframe(1)
        while frame is not None and self._project.relative(frame.f_code.co_filename) is None:
            frame = frame.f_back
        if frame is not None:
            place = (self._project.relative(frame.f_code.co_filename), frame.f_lineno)
            self._comparison = place + tuple(assay_failure.safe_text(_bounded_repr, side) for side in (left, right))

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item, call):
        result = yield
        if result.excinfo is not None or call.excinfo is None:
            return
        report = result.get_result()
        if report.outcome == "failed":
            failure = assay_failure.describe(call.excinfo.value, call.excinfo.tb, self._project, self._comparison)
            timed_out = isinstance(call.excinfo.value, assay_clock.TestTimeout)
            self._described[report.when] = ("timed-out" if timed_out else None, failure)

    def pytest_runtest_logreport(self, report):
        self._duration += max(0.0, getattr(report, "duration", 0.0) or 0.0)
        if report.outcome == "rerun":  # pytest-rerunfailures: the next report stands in its place
            self._described.clear()
            return
        if report.outcome == "failed":
            stated, failure = self._described.get(report.when) or (None, _from_report(report))
            self._take(stated or ("failed" if report.when == "call" else "errored"), failure)
        elif report.outcome == "skipped":
            self._take("skipped", None)
        elif report.outcome == "passed" and report.when == "call":
            self._take("passed", None)

    def _take(self, outcome, failure):
        if self._outcome is None or _WORST.index(outcome) > _WORST.index(self._outcome):
            self._outcome, self._failure = outcome, failure

    def pytest_runtest_logfinish(self, nodeid):
        if self._outcome is None:
            return
        event = {"id": nodeid, "file": nodeid.split("::", 1)[0], "outcome": self._outcome}
        if self._failure is not None:
            event["failure"] = self._failure
        self._channel.send("result", durationMs=round(self._duration * 1000, 3), **event)


def _bounded_repr(value):
    return saferepr(value, maxsize=assay_failure.TEXT_MAX // 2)


def _from_report(report):
    """A failure without an exception: a strict xfail that passed, or a plugin's own verdict."""
    text = str(getattr(report, "longrepr", "") or "")
    kind = "UnexpectedPass" if text.startswith("[XPASS(strict)]") else "Failed"
    return {"type": kind, "message": assay_failure.cap(text), "frames": [], "file": report.nodeid.split("::", 1)[0]}
