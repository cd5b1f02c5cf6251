"""Code objects of the project's files, compiled once and used by every child for which the file has the same bytes."""

import fnmatch
import importlib.machinery
import os
import pathlib

_FILES_MAX = 1000
_BYTES_MAX = 8 << 20


class Compiled:
    def __init__(self, project, source_files):
        self._project = project
        self._source_files = source_files[:_FILES_MAX]
        self._plain = {}
        self._rewritten = {}

    def prepare(self, config):
        """Compiling executes nothing."""
        self._compile_sources()
        self._use_plain()
        for pattern in config.getini("norecursedirs") + config.getini("python_files"):
            fnmatch.fnmatchcase("", pattern)  # leaves the compiled pattern in the cache that children inherit
            fnmatch.fnmatchcase("", "*/" + pattern)
        try:
            self._use_rewritten(config)
        except Exception:  # noqa: BLE001 - a pytest whose rewriting works in another way rewrites in each child
            pass

    def _compile_sources(self):
        left = _BYTES_MAX
        for relative in self._source_files:
            path = os.path.join(self._project.root, relative)
            try:
                with open(path, "rb") as file:
                    data = file.read()
                left -= len(data)
                if left < 0:
                    return
                self._plain[path] = (data, compile(data, path, "exec", dont_inherit=True))
            except (OSError, SyntaxError, ValueError, RecursionError):
                continue

    def _use_plain(self):
        original = importlib.machinery.SourceFileLoader.source_to_code
        plain = self._plain

        def source_to_code(loader, data, path, *, _optimize=-1):
            known = plain.get(path)
            if known is not None and known[0] == data and _optimize == -1:
                return known[1]
            return original(loader, data, path, _optimize=_optimize)

        importlib.machinery.SourceFileLoader.source_to_code = source_to_code

    def _use_rewritten(self, config):
        """pytest rewrites the assertions of test modules; the first child to need one could not hand it on, so it is done here."""
        from _pytest.assertion import rewrite

        original = rewrite._rewrite_test
        known = self._rewritten
        patterns = tuple(config.getini("python_files"))
        for relative in self._source_files:
            name = os.path.basename(relative)
            if name == "conftest.py" or any(pathlib.PurePath(name).match(pattern) for pattern in patterns):
                path = pathlib.Path(self._project.root, relative)
                try:
                    known[str(path)] = (path.read_bytes(), original(path, config))
                except Exception:  # noqa: BLE001 - a file that does not parse says so in its own child
                    continue

        def rewrite_test(path, config):
            found = known.get(str(path))
            if found is not None and found[0] == path.read_bytes():
                return found[1]
            return original(path, config)

        rewrite._rewrite_test = rewrite_test
