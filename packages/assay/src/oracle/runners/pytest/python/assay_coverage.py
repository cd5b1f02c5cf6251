"""
Which lines of the source files each test executes. Only function bodies are recorded: what a module executes when it
is first imported would otherwise be put down to the one test that happened to come first.
"""

import os
import sys
import threading
import types

#: Calls of a function whose values are looked at, and names of it that are told.
_CALLS_MAX = 5
_NAMES_MAX = 40
_FUNCTIONS_PER_EVENT = 50
_KINDS = {
    bool: "boolean", int: "number", float: "number", complex: "number", str: "string", bytes: "string", list: "list",
    tuple: "list", range: "list", set: "set", frozenset: "set", dict: "map", type(None): "null",
    types.FunctionType: "function", types.BuiltinFunctionType: "function", types.MethodType: "function",
}
_OPTIMIZED = 0x1  # set for function bodies, not for modules and class bodies
_TOOL = 4


def _monitoring():
    monitoring = getattr(sys, "monitoring", None)
    return monitoring if monitoring is not None and monitoring.get_tool(_TOOL) is None else None


class LineCoverage:
    def __init__(self, project, source_files):
        self._sources = {os.path.join(project.root, path): path for path in source_files}
        self._project = project
        self._paths = {}
        self._lines = set()
        self._calls = {}
        self._kinds = {}
        self._monitoring = _monitoring()
        if self._monitoring:
            self._install_monitoring()

    def start(self):
        self._lines = set()
        if self._monitoring:
            self._monitoring.restart_events()
        else:
            threading.settrace(self._trace)
            sys.settrace(self._trace)

    def stop(self):
        """The lines since `start`, by project-relative file."""
        if not self._monitoring:
            sys.settrace(None)
            threading.settrace(None)
        lines, self._lines = self._lines, set()
        files = {}
        for path, line in list(lines):
            files.setdefault(path, []).append(line)
        return {path: sorted(found) for path, found in files.items()}

    def kinds(self):
        """Which kind of value the functions' variables had, those that had one: a few functions of a file at a time, by their first lines."""
        told = {}
        for (path, line), names in self._kinds.items():
            known = {name: kinds.pop() for name, kinds in names.items() if len(kinds) == 1}
            functions = told.setdefault(path, {})
            functions[str(line)] = known
            if len(functions) >= _FUNCTIONS_PER_EVENT:
                yield path, told.pop(path)
        yield from told.items()

    def _look_at(self, path, frame):
        code = frame.f_code
        calls = self._calls.get(code, 0)
        if calls >= _CALLS_MAX:
            return
        self._calls[code] = calls + 1
        names = self._kinds.setdefault((path, code.co_firstlineno), {})
        for name, value in list(frame.f_locals.items())[:_NAMES_MAX]:
            kind = next((_KINDS[one] for one in type(value).__mro__ if one in _KINDS), "other")
            if kind != "null":
                names.setdefault(name, set()).add(kind)

    def _source(self, code):
        name = code.co_filename
        try:
            return self._paths[name]
        except KeyError:
            relative = self._project.relative(name)
            known = relative if os.path.join(self._project.root, relative or "") in self._sources else None
            self._paths[name] = known
            return known

    def _trace(self, frame, _event, _arg):
        code = frame.f_code
        if not code.co_flags & _OPTIMIZED:
            return None
        path = self._source(code)
        if path is None:
            return None
        add = self._lines.add

        def line(inner, event, _value):
            if event == "line":
                add((path, inner.f_lineno))
            elif event == "return":
                self._look_at(path, inner)
            return line

        return line

    def _install_monitoring(self):
        monitoring = self._monitoring
        events = monitoring.events
        monitoring.use_tool_id(_TOOL, "assay")

        def started(code, _offset):
            if code.co_flags & _OPTIMIZED and self._source(code) is not None:
                monitoring.set_local_events(_TOOL, code, events.LINE)
            return monitoring.DISABLE

        def line(code, number):
            path = self._source(code)
            if path is not None:
                self._lines.add((path, number))
            return monitoring.DISABLE

        monitoring.register_callback(_TOOL, events.PY_START, started)
        monitoring.register_callback(_TOOL, events.LINE, line)
        monitoring.set_events(_TOOL, events.PY_START)
