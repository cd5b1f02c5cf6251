"""The examiner's side of the connection: turns what the candidate lends into proxies, and writes down what could not travel."""

import importlib
import inspect
import json
import os
import sys

import assay_import_proxies
import assay_proxies
from errors import EXCEPTIONS
from frames import Closed, Frames
from handles import Peer, lend_calls
from values import Malformed

_BORROWED_MAX = 200_000
_NAME_LENGTH_MAX = 200


class RelayedFrames(Frames):
    """Frames that go out on the run's channel, beside its events; they begin with a sign of their own."""

    def send(self, document):
        line = memoryview(b">" + json.dumps(document, separators=(",", ":")).encode("ascii") + b"\n")
        while line:
            try:
                line = line[os.write(self._writing, line):]
            except OSError as error:
                raise Closed from error


def _may_leave(code):
    """Whether the end of an iterator may leave a helper of the tests for a `map` around it, which would end with it."""
    names, name = code.co_names, code.co_name
    asks = "next" in names and "StopIteration" not in names
    return asks and name != "__next__" and not name.startswith("test") and not code.co_flags & inspect.CO_GENERATOR


class Borrower(Peer):
    def __init__(self, frames, project):
        super().__init__(frames, lend_calls)
        self._project = project
        self._number_of = {}

    def load(self, name):
        return self.ask("import", None, (name,))

    def asked_by_project(self, frame):
        return self._project.relative(frame.f_code.co_filename) is not None

    def export(self, value):
        number = self._number_of.get(id(value))
        return super().export(value) if number is None else {"own": number}

    def resolve(self, tag, content):
        if tag == "own":
            return super().resolve(tag, content)
        if tag == "e" and (content == "SystemExit" or content in EXCEPTIONS):
            return SystemExit if content == "SystemExit" else EXCEPTIONS[content]
        if tag != "h" or type(content) is not list or not content or type(content[0]) is not int:
            raise Malformed("not a document")
        number, *description = content
        known = self._imported.get(number)
        if known is not None:
            return known
        if not 0 <= number < _BORROWED_MAX or not description:
            raise Malformed("an object that was never described")
        return self._keep(number, self._proxy(number, *description))

    def _keep(self, number, proxy):
        self._imported[number] = proxy
        self._number_of[id(proxy)] = number
        return proxy

    def _proxy(self, number, kind, *details):
        if kind == "function":
            return assay_proxies.RemoteObject(self, number, None)
        if kind == "instance":
            return assay_proxies.RemoteObject(self, number, self.decode(details[0]))
        if kind == "class":
            name, raised, bases = details
            name = str(name)[:_NAME_LENGTH_MAX] if str(name).isidentifier() else "Remote"
            return assay_proxies.make_class(self, number, name, raised is True, [self.decode(base) for base in bases])
        if kind == "module" and type(sys.modules.get(str(details[0]).split(".")[0])) is assay_import_proxies.RemoteModule:
            module = importlib.import_module(details[0])
            if type(module) is assay_import_proxies.RemoteModule:
                return module
        raise self.unsupported(f"a {kind} of the package is used as a value")

    def stopped(self, error):
        return self.unsupported(f"{type(error).__name__} would end an iteration of the tests")

    def ends_iteration(self, operation, args):
        if operation != "function" or args[0] != "next":
            return False
        # Behind this one: `_ask`, `ask`, the proxy's method, and who advanced the iterator.
        frame = sys._getframe(4)
        return not (self.asked_by_project(frame) and _may_leave(frame.f_code))

    def _conclude(self, frame, given):
        if "raised" not in frame:
            return super()._conclude(frame, given)
        kind, instance, text, arguments = frame["raised"]
        cls = self.decode(kind)
        if not (isinstance(cls, type) and issubclass(cls, BaseException)):
            raise Malformed("raised what is no exception")
        if not hasattr(cls, "_assay_remote"):
            return "raised", cls(*self.decode(arguments))
        number, *_ = instance["h"]
        error = assay_proxies.make_exception(cls, self, number, str(text)[:10000])
        return "raised", self._keep(number, error) if number not in self._imported else self._imported[number]
