"""What belongs to the project, and no stale bytecode for it."""

import _frozen_importlib_external as importlib_external
import os
import re
import sys

_PYTEST_CONFIG = (
    ("pytest.toml", None),
    (".pytest.toml", None),
    ("pytest.ini", None),
    (".pytest.ini", None),
    ("pyproject.toml", r"^\s*\[\s*tool\s*\.\s*pytest\b"),
    ("tox.ini", r"^\[pytest\]"),
    ("setup.cfg", r"^\[tool:pytest\]"),
)


def take_place(python_path):
    """
    The path as `python -m pytest` has it, with further folders. Only now, with pytest imported: a folder of the project
    on PYTHONPATH from the start could stand in for pytest itself, or bring a sitecustomize.
    """
    sys.path[0:1] = [os.getcwd()] + python_path
    if python_path:
        os.environ["PYTHONPATH"] = os.pathsep.join(python_path)


class Project:
    def __init__(self, root):
        self.root = os.path.realpath(root)
        self._known = {}

    def relative(self, path):
        """The project-relative POSIX path of one of the project's own files, or None: installed packages are not its own."""
        try:
            return self._known[path]
        except KeyError:
            found = self._known[path] = self._relative(path)
            return found

    def _relative(self, path):
        if not path or path.startswith("<"):
            return None
        full = os.path.realpath(os.path.join(self.root, path))
        if not full.startswith(self.root + os.sep):
            return None
        relative = full[len(self.root) + 1:].replace(os.sep, "/")
        parts = relative.split("/")
        if "site-packages" in parts or "dist-packages" in parts:
            return None
        return relative

    def pytest_config(self):
        """The configuration file pytest itself would take from the root, or None."""
        for name, section in _PYTEST_CONFIG:
            path = os.path.join(self.root, name)
            try:
                with open(path, encoding="utf-8", errors="replace") as file:
                    text = file.read(1 << 20)
            except OSError:
                continue
            if section is None or re.search(section, text, re.MULTILINE):
                return path
        return None

    def ignore_bytecode(self):
        """
        Bytecode is matched to its source by size and whole seconds, which two candidates can share:
        the project's own sources are compiled afresh, installed packages keep theirs.
        """
        original = importlib_external.cache_from_source

        def cache_from_source(path, *args, **kwargs):
            if self.relative(os.fspath(path)) is not None:
                raise NotImplementedError  # importlib's own sign for "no bytecode here"
            return original(path, *args, **kwargs)

        importlib_external.cache_from_source = cache_from_source
        from _pytest.assertion import rewrite

        if hasattr(rewrite, "get_cache_dir"):
            original_dir = rewrite.get_cache_dir

            def get_cache_dir(file_path):
                if self.relative(os.fspath(file_path)) is None:
                    return original_dir(file_path)
                return type(file_path)("/nonexistent")

            rewrite.get_cache_dir = get_cache_dir
