"""
Test modules without the modules they test: imports of the project's sources find stand-ins, and a fork that has the real files
carries out those import statements again. Only for test modules that use what they import inside functions alone, where the
difference cannot be seen; `rebinding` gives None for all others.
"""

import ast
import importlib.machinery
import os
import sys

_READS_ANNOTATIONS = ("__annotations__", "get_type_hints", "signature(", "getfullargspec")


class StandIns:
    """A finder for `sys.meta_path`. `sources`: project-relative paths of the files that stand-ins take the place of."""

    def __init__(self, project, sources):
        self._project = project
        self._sources = frozenset(sources)
        self._folders = frozenset(part for path in sources for part in _parents(path))
        self.names = set()
        # Asked for by an import statement, and not loaded by pytest as a test module of its own.
        self._imported = set()

    def find_spec(self, name, path=None, target=None):
        if not _asked_by_pytest():
            self._imported.add(name)
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is None or not self._is_source(spec):
            return None
        found = importlib.machinery.ModuleSpec(name, self, origin=spec.origin, is_package=spec.submodule_search_locations is not None)
        if spec.submodule_search_locations is not None:
            found.submodule_search_locations = list(spec.submodule_search_locations)
        self.names.add(name)
        return found

    def _is_source(self, spec):
        if spec.origin is not None:
            return self._project.relative(spec.origin) in self._sources
        # A package without __init__.py that holds sources.
        return any(self._project.relative(place) in self._folders for place in spec.submodule_search_locations or ())

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        def __getattr__(name):
            if name.startswith("__"):
                raise AttributeError(name)
            return _Placeholder

        module.__getattr__ = __getattr__

    def withdraw(self):
        sys.meta_path.remove(self)
        for name in self.names:
            sys.modules.pop(name, None)

    def rebinding(self):
        """A function that binds the real names, for a process whose `withdraw` was called; None where it would not be the same."""
        loaded = [
            (name, module, self._project.relative(getattr(module, "__file__", None) or ""))
            for name, module in list(sys.modules.items())
        ]
        steps = []
        for name, module, path in loaded:
            if path is None or name in self.names:
                continue
            code, bound = self._imports_of(name, module, path)
            if bound is None:
                return None
            if bound and name in self._imported:
                return None
            if code is not None:
                steps.append((code, module.__dict__))

        def rebind():
            for code, namespace in steps:
                exec(code, namespace)

        return rebind

    def _imports_of(self, name, module, path):
        """The import statements to carry out again and the names they bind; the names are None where that would not do."""
        try:
            with open(os.path.join(self._project.root, path), "rb") as file:
                source = file.read()
            tree = ast.parse(source)
        except (OSError, SyntaxError, ValueError):
            return None, None
        again = [node for node in tree.body if self._touches(node, module)]
        everywhere = [node for node in _evaluated(tree) if self._touches(node, module)]
        bound = {(alias.asname or alias.name).split(".")[0] for node in again for alias in node.names}
        used = {node.id for node in _evaluated(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        held = {key for key, value in vars(module).items() if self._stands_in(value)}
        text = source.decode("utf-8", "replace")
        if len(everywhere) != len(again) or used & bound or held - bound or any(word in text for word in _READS_ANNOTATIONS):
            return None, None
        if not again:
            return None, bound
        return compile(ast.Module(again, []), module.__file__, "exec", dont_inherit=True), bound

    def _touches(self, node, module):
        if isinstance(node, ast.Import):
            return any(alias.name in self.names for alias in node.names)
        if not isinstance(node, ast.ImportFrom):
            return False
        base = node.module or ""
        if node.level > 0:
            parts = (getattr(module, "__package__", None) or "").split(".")
            base = ".".join(parts[: len(parts) - node.level + 1] + ([node.module] if node.module else []))
        return base in self.names or any(base + "." + alias.name in self.names for alias in node.names)

    def _stands_in(self, value):
        return value is _Placeholder or (type(value) is type(sys) and value.__name__ in self.names)


class _Placeholder:
    pass


def _asked_by_pytest():
    """The innermost frame outside the import system is pytest's."""
    frame = sys._getframe(2)
    while frame is not None:
        name = frame.f_globals.get("__name__", "")
        if not name.startswith(("importlib", "_frozen_importlib")):
            return name.startswith("_pytest")
        frame = frame.f_back
    return False


def _parents(path):
    while "/" in path:
        path = path.rsplit("/", 1)[0]
        yield path


def _evaluated(tree):
    """The nodes that importing the module evaluates; annotations aside."""
    pending = [tree]
    while pending:
        node = pending.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            pending += node.decorator_list + node.args.defaults + [value for value in node.args.kw_defaults if value is not None]
        elif isinstance(node, ast.Lambda):
            pending += node.args.defaults + [value for value in node.args.kw_defaults if value is not None]
        elif isinstance(node, ast.AnnAssign):
            pending += [part for part in (node.target, node.value) if part is not None]
        else:
            pending += list(ast.iter_child_nodes(node))
