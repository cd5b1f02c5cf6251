"""Modules of the package under test as the examiner imports them, and nothing of it ever executed here."""

import importlib.machinery
import os
import sys
import types


class RemoteModule(types.ModuleType):
    def __getattribute__(self, name):
        if name in ("__dict__", "__class__", "__spec__", "__path__", "__name__", "__loader__", "__package__", "__file__"):
            return super().__getattribute__(name)
        own = super().__getattribute__("__dict__")
        if "_assay_peer" not in own:
            return super().__getattribute__(name)
        if name == "__all__" and name in own:
            return own[name]
        if name == "__all__" or name in ("__test__", "pytestmark", "pytest_plugins", "__tracebackhide__", "__warningregistry__"):
            raise AttributeError(name)
        return own["_assay_peer"].ask("get", own["__name__"], (name,))

    def __setattr__(self, name, value):
        own = super().__getattribute__("__dict__")
        if type(value) is RemoteModule or "_assay_peer" not in own or name in ("__spec__", "__loader__"):
            super().__setattr__(name, value)
            return
        raise own["_assay_peer"].unsupported("an attribute of a module of the package is replaced")

    def __delattr__(self, name):
        raise self.__dict__["_assay_peer"].unsupported("an attribute of a module of the package is removed")


class ImportProxies:
    """A finder. Files of the project that are not the oracle's are never loaded: they are the candidate's."""

    def __init__(self, project, oracle_files, source_files, peer):
        self._project = project
        self._oracle = frozenset(oracle_files)
        self._folders = frozenset(folder for path in source_files for folder in _folders(path))
        self._peer = peer

    def install(self):
        sys.meta_path.insert(0, self)
        sys.addaudithook(self._guard)

    def _guard(self, event, args):
        """Whatever way a file of the candidate's would come to be executed here, it is not."""
        if event == "exec" and isinstance(args[0], types.CodeType):
            path = self._project.relative(args[0].co_filename)
            if path is not None and path not in self._oracle:
                raise self._peer.unsupported(f"{path} would be executed beside the tests")

    def find_spec(self, name, path=None, target=None):
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or not self._is_candidates(spec):
            return None
        found = importlib.machinery.ModuleSpec(name, self, is_package=spec.submodule_search_locations is not None)
        if spec.submodule_search_locations is not None:
            found.submodule_search_locations = list(spec.submodule_search_locations)
        return found

    def _is_candidates(self, spec):
        if spec.has_location and spec.origin is not None:
            path = self._project.relative(spec.origin)
            return path is not None and path not in self._oracle
        return any(self._project.relative(place) in self._folders for place in spec.submodule_search_locations or ())

    def create_module(self, spec):
        return RemoteModule(spec.name)

    def exec_module(self, module):
        exported, _ = self._peer.load(module.__name__)
        if isinstance(exported, (list, tuple)) and all(type(name) is str for name in exported):
            module.__dict__["__all__"] = list(exported)
        module.__dict__["_assay_peer"] = self._peer


def foreign_start(project, oracle_files):
    """What pytest would execute or read at its start that is not the oracle's, or None."""
    known = frozenset(oracle_files)
    config = project.pytest_config()
    if config is not None and project.relative(config) not in known:
        return project.relative(config)
    for directory, names, files in os.walk(project.root):
        names[:] = [name for name in names if name not in (".git", "node_modules", "site-packages")]
        path = project.relative(os.path.join(directory, "conftest.py"))
        if "conftest.py" in files and path is not None and path not in known:
            return path
    return None


def _folders(path):
    while "/" in path:
        path = path.rsplit("/", 1)[0]
        yield path
