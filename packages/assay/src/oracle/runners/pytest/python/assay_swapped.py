"""
In a process that has collected the tests and loaded the project: puts one candidate after the other in the place of the function it
edits, runs the tests on it, and puts the function back. What a candidate leaves behind elsewhere is noticed by the tests of the
unedited project, which are run again now and then: their outcome must still be what it was.
"""

import builtins
import functools
import gc
import os
import time
import types

from assay_alike import Alike, Lines
from assay_pure import names_computed
from assay_tests import TestRun
from assay_units import TICK, Unsuited

#: Ticks that any test may take, and by how many times what the green ones take a candidate may exceed it.
_FUEL_MIN = 20_000
_FUEL_FACTOR = 20
#: After so many a test that fails anyway is ended: the project itself may go round for ever.
_FUEL_OF_FAILING = 100_000
_NO_LIMIT = 10**12
_MEASURING_SECONDS_MAX = 2.0
_CHECK_EVERY = 32
#: Failing tests that are asked which edits they cannot tell from the unedited code.
_COMPARED_MAX = 3


class Starved(BaseException):
    """The project's functions go round more often than they ever did."""


class Meter:
    """Counts how often functions are entered and loops go round, and which units these are of."""

    def __init__(self):
        self.used = 0
        self.most = _NO_LIMIT
        self.seen = set()
        setattr(builtins, TICK, self.tick)

    def tick(self, unit):
        self.used += 1
        self.seen.add(unit)
        if self.used > self.most:
            raise Starved()


class Swapped:
    """`loaded` holds the files and first lines of what ran while the modules were loaded."""

    def __init__(self, sources, items, loaded, tidy):
        self._sources = sources
        self._tidy = tidy
        self._run = TestRun(items)
        self._functions = _functions_by_unit(sources, loaded)
        self._caches = [thing for thing in gc.get_objects() if type(thing) is functools._lru_cache_wrapper]
        self._meter = Meter()
        self._tell = lambda _message: None
        self._prepared = set()
        self._alike = Alike(None, self._meter)
        self._computed = frozenset().union(*(names_computed(source.tree) for source in sources.values()))

    def prepare(self, file):
        """Has the functions of a file count what they do. Before a fork, so that it is done once."""
        if file in self._prepared:
            return
        self._prepared.add(file)
        source = self._sources[file]
        for unit in source.units:
            try:
                self.put(unit, source.compile(unit))
            except (Unsuited, SyntaxError, ValueError, RecursionError):
                self._functions.pop(unit, None)

    def measure(self, batch, known):
        """
        Adds to what is known of the tests: the most that a passing one takes in ticks and in seconds, the units that were seen to run, the targets that fail
        here too, and other tests that do not pass here.
        """
        most, slowest = known["most"], known["seconds"]
        measured, failing, odd = set(known["tests"]), list(known["failing"]), set(known["odd"])
        ends = time.monotonic() + _MEASURING_SECONDS_MAX
        self._meter.seen = set(known["seen"])
        for tests, limit in ([batch["targets"], _FUEL_OF_FAILING], *((order, _NO_LIMIT) for order in batch["orders"])):
            for test in tests:
                if test in measured or time.monotonic() > ends:
                    continue
                measured.add(test)
                begun = time.monotonic()
                if self._failure([test], limit) is None:
                    most = max(most, self._meter.used)
                    slowest = max(slowest, time.monotonic() - begun)
                elif tests is batch["targets"]:
                    failing.append(test)
                else:
                    odd.add(test)
        seen = sorted(self._meter.seen)
        found = {"most": most, "seconds": slowest, "seen": seen, "failing": failing, "odd": sorted(odd)}
        return dict(found, tests=sorted(measured))

    def serve(self, batch, measured, tell):
        """`tell` is given one message after the other."""
        self._tell = tell
        targets, orders = list(batch["targets"]), [list(order) for order in batch["orders"]]
        # Who is tried again is bounded by time alone.
        limit = max(_FUEL_MIN, _FUEL_FACTOR * measured["most"]) if batch["fuelFactor"] == 1 else _NO_LIMIT
        ends = time.monotonic() + batch["seconds"]
        seen, odd = set(measured["seen"]), set(measured["odd"])
        sentinel = [test for test in targets if test in measured["failing"]][:1]
        (failed,) = self._elsewhere((sentinel, _FUEL_OF_FAILING))
        since, last, refusers = 0, batch["candidates"][-1], set()
        source = self._sources[batch["file"]]
        self._alike = Alike(source, self._meter, self._computed)
        edits = {candidate["id"]: self._parsed(source, candidate, seen) for candidate in batch["candidates"]}
        #: By edit that is not tried: the test that refuses it, as it refused one that it cannot tell from this one.
        alike = self._like_unedited([test for test in targets if test in measured["failing"]], ends)
        for candidate in batch["candidates"]:
            tell({"trying": candidate["id"]})
            order = orders[candidate["order"]]
            if candidate["id"] in alike:
                outcome = {"kind": "failed", "test": alike[candidate["id"]], "alike": True}
            else:
                suited = odd.isdisjoint(order)
                outcome = self._attempt(edits[candidate["id"]], candidate["id"], [targets, order], limit, suited, alike)
            tell(dict(outcome, id=candidate["id"]))
            since += 1
            is_last = candidate is last or time.monotonic() > ends
            refuser = outcome.get("test")
            if refuser not in (None, *batch["targets"]) and not outcome.get("alike"):
                # Something else than the edit may be what it does not like.
                if self._failure([refuser], _NO_LIMIT) is not None:
                    tell({"clean": False})
                    return
                refusers.add(refuser)
            if since < _CHECK_EVERY and not is_last:
                continue
            since = 0
            # The green tests that refused an edit must still be green without one.
            guards = sorted(refusers) or [test for test in order if test not in odd][:1]
            refusers.clear()
            clean = self._elsewhere((sentinel, _FUEL_OF_FAILING), (guards, _NO_LIMIT)) == [failed, "passed"]
            tell({"clean": clean})
            if is_last or not clean:
                return

    def _elsewhere(self, *runs):
        """How tests of the unedited project end, run in a fork: what they leave behind is not found by the candidates."""
        source, sink = os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                for tests, limit in runs:
                    failure = self._failure(tests, limit)
                    os.write(sink, (failure[1] if failure else "passed").encode()[:1000] + b"\n")
            finally:
                os._exit(0)
        os.close(sink)
        with os.fdopen(source, "rb") as stream:
            told = stream.read().decode().splitlines()
        os.waitpid(pid, 0)
        return told or [""]

    def _parsed(self, source, candidate, seen):
        """By unit, what the edit makes of its function; or the outcome of an edit that cannot be tried."""
        try:
            edits = self._units(source, candidate)
            if not all(unit.number in seen for unit in edits):
                return {"kind": "unsuited"}
            parsed = {unit: source.parse(unit, edit["start"], edit["end"], edit["text"]) for unit, edit in edits.items()}
            if len(parsed) == 1:
                for (unit, edit), (_, function) in zip(edits.items(), parsed.values()):
                    first, last = source.lines(edit["start"], edit["end"])
                    lines = Lines(first, last, edit["text"].count("\n") - (last - first))
                    self._alike.add(candidate["id"], unit, function, lines)
            return parsed
        except Unsuited:
            return {"kind": "unsuited"}
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {"kind": "broken"}

    def _like_unedited(self, failing, ends):
        """By edit that has the values of the unedited code wherever a failing test comes by: that test."""
        found, originals = {}, []
        self._alike.forget()
        try:
            for unit in self._alike.units():
                originals.append((unit, self.put(unit, self._alike.original(unit))))
            for test in failing[:_COMPARED_MAX]:
                if time.monotonic() < ends and self._failure([test], _FUEL_OF_FAILING) is not None:
                    found.update((edit, test) for edit in self._alike.found())
        except (Unsuited, SyntaxError, ValueError, RecursionError, MemoryError):
            pass  # each is tried, then
        finally:
            for unit, codes in originals:
                self.put_back(unit, codes)
            self._alike.forget()
        return found

    def variants(self, file, candidates):
        """Of those that can be put in the place of functions: their ids and codes."""
        found = []
        for candidate in candidates:
            try:
                found.append({"id": candidate["id"], "codes": self._codes(file, candidate)})
            except (Unsuited, SyntaxError, ValueError, RecursionError, MemoryError):
                continue
        return found

    def functions(self, unit):
        return self._functions.get(unit, ())

    def run_quietly(self, test):
        """Whatever becomes of it."""
        if self._run.knows(test):
            self._failure([test], _FUEL_OF_FAILING)

    def refuel(self, limit):
        self._meter.used, self._meter.most = 0, _NO_LIMIT if limit is None else limit

    def _codes(self, file, candidate):
        """By unit. An edit of two places tells its parts, for these may lie in two functions."""
        source = self._sources[file]
        edits = self._units(source, candidate)
        return {unit: source.compile(unit, edit["start"], edit["end"], edit["text"]) for unit, edit in edits.items()}

    def _units(self, source, candidate):
        try:
            units = {source.around(candidate["start"], candidate["end"]): candidate}
        except Unsuited:
            parts = candidate.get("parts", ())
            units = {source.around(part["start"], part["end"]): part for part in parts}
            if len(units) < 2:
                raise
        if not all(unit in self._functions for unit in units):
            raise Unsuited("there is no such function, or it ran already")
        return units

    def _attempt(self, edits, number, tests, limit, suited, alike):
        """Adds to `alike`."""
        if "kind" in edits:
            return edits
        if not suited:
            return {"kind": "unsuited"}
        originals = []
        try:
            for unit, (module, function) in edits.items():
                code = self._alike.edited(number, unit, module, function, alike)
                originals.append((unit, self.put(unit, code)))
            for some in tests:
                failure = self._failure(some, limit)
                if failure is not None:
                    alike.update((edit, failure[0]) for edit in self._alike.found())
                    return self._refused(some, *failure)
            return {"kind": "passed"}
        except Unsuited:
            return {"kind": "unsuited"}
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return {"kind": "broken"}
        finally:
            for unit, codes in originals:
                self.put_back(unit, codes)
            self._alike.forget()

    def _refused(self, tests, test, error):
        """The test that refused one is asked first about the next."""
        tests.remove(test)
        tests.insert(0, test)
        return {"kind": "starved" if error in ("Starved", "MemoryError") else "failed", "test": test}

    def _failure(self, tests, limit):
        for cache in self._caches:
            cache.cache_clear()
        self._meter.most = limit
        try:
            return self._run.first_failure(tests, self._refuel)
        finally:
            self._meter.most = _NO_LIMIT
            self._tidy.restore()

    def _refuel(self):
        self._meter.used = 0
        self._alike.restart()
        self._tell({"running": True})

    def put(self, unit, code):
        functions = self._functions.get(unit, ())
        originals = [function.__code__ for function in functions]
        try:
            for function in functions:
                function.__code__ = code
        except ValueError as error:
            # It closes over more, or less, than the one it takes the place of.
            self.put_back(unit, originals)
            raise Unsuited(str(error)) from None
        return originals

    def put_back(self, unit, originals):
        for function, original in zip(self._functions.get(unit, ()), originals):
            function.__code__ = original


def _functions_by_unit(sources, loaded):
    """The functions that live; none of a unit of which something else lives, or has run already: an edit would come too late."""
    by_path = {source.path: source for source in sources.values()}
    found, late = {}, set()
    for path, line in loaded:
        if path in by_path:
            late.update(by_path[path].holding(line))
    for function in gc.get_objects():
        if type(function) is not types.FunctionType or function.__code__.co_filename not in by_path:
            continue
        code = function.__code__
        for unit in by_path[code.co_filename].holding(code.co_firstlineno):
            if unit.first_line == code.co_firstlineno and unit.name == code.co_name:
                found.setdefault(unit, []).append(function)
            else:
                late.add(unit)
    return {unit: functions for unit, functions in found.items() if unit not in late}
