"""Which tests to run: ids of an earlier report or a person's selectors, any number of them."""

import os


def test_files(project, tests):
    return list(dict.fromkeys(os.path.join(project.root, test.split("::", 1)[0]) for test in tests))


class Selection:
    def __init__(self, selectors, root):
        self._exact = set()
        self._prefixes = []
        self._everything = set()
        self.paths = []
        seen = set()
        for selector in selectors:
            path = selector.split("::", 1)[0]
            path = os.path.normpath(path).replace(os.sep, "/")
            if path not in seen:
                seen.add(path)
                self.paths.append(os.path.join(root, path))
            if "::" not in selector:
                self._everything.add(path)
            else:
                self._exact.add(path + selector[len(selector.split("::", 1)[0]):])
        self._prefixes = tuple(prefix for exact in self._exact for prefix in (exact + "::", exact + "["))

    def __bool__(self):
        return bool(self.paths)

    def covers(self, nodeid):
        if nodeid in self._exact:
            return True
        path = nodeid.split("::", 1)[0]
        if "." in self._everything or path in self._everything:
            return True
        while "/" in path:
            path = path.rsplit("/", 1)[0]
            if path in self._everything:
                return True
        return nodeid.startswith(self._prefixes)
