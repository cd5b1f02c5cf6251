"""
Proxies of what lives in the candidate's process. An operation that hands the candidate what a test expects, and takes its word for
whether that is so, is not among them: objects equal themselves only, everything else ends the test as unsupported.
"""

import sys

_PLAIN = frozenset(("__name__", "__qualname__", "__version__", "__author__"))
_NEVER = frozenset(("_pytestfixturefunction", "pytestmark"))
# What plain values have to compare themselves with what a test expects: an object in the place of a plain value could say yes to all.
_COMPARING = frozenset(
    name for kind in (str, bytes) for name in dir(kind) if not name.startswith("_")
) | {"issubset", "issuperset", "isdisjoint", "difference", "symmetric_difference", "intersection", "compare", "compare_total", "is_integer"}


def _attribute(peer, target, name):
    if name in _NEVER:
        raise AttributeError(name)
    if name.startswith("__") and name.endswith("__") and name not in _PLAIN:
        # pytest and the standard library ask every object for some; "no" is an answer they can go on with. A test cannot.
        if peer.asked_by_project(sys._getframe(2)):
            raise peer.unsupported(f"{name} of an object of the package")
        raise AttributeError(name)
    return peer.ask("get", target, (name,))


class RemoteObject:
    __slots__ = ("_assay_peer", "_assay_number", "_assay_class")

    def __init__(self, peer, number, cls):
        for name, value in (("_assay_peer", peer), ("_assay_number", number), ("_assay_class", cls)):
            object.__setattr__(self, name, value)

    def __call__(self, /, *args, **kwargs):
        self._assay_peer.lengths.forget()
        return self._assay_peer.ask("call", self._assay_number, args, kwargs)

    def __getattr__(self, name):
        if name in _COMPARING and self._assay_class is not None:
            raise self._assay_peer.unsupported(f"{name} of an object of the package")
        return _attribute(self._assay_peer, self._assay_number, name)

    def __setattr__(self, name, value):
        if self._assay_class is None or name.startswith("__"):
            raise self._assay_peer.unsupported("an attribute of a function is set")
        self._assay_peer.lengths.forget()
        self._assay_peer.ask("set", self._assay_number, (name, value))

    def __delattr__(self, name):
        self._assay_peer.ask("del", self._assay_number, (name,))

    @property
    def __class__(self):
        cls = self._assay_class
        if cls is None:
            return RemoteObject
        if not isinstance(cls, type) or cls.__dict__.get("_assay_extends_builtin"):
            raise self._assay_peer.unsupported("the class of an object that extends a built-in class")
        return cls

    @property
    def __doc__(self):
        return self._assay_peer.ask("get", self._assay_number, ("__doc__",))

    def __enter__(self):
        return self._assay_peer.ask("method", self._assay_number, ("__enter__",))

    def __exit__(self, kind, error, trace):
        if kind is not None:
            raise self._assay_peer.unsupported("an exception passes through a context of the package")
        return self._assay_peer.ask("method", self._assay_number, ("__exit__", None, None, None))


def _refuse(what):
    def refuse(self, *_):
        raise _peer_of(self).unsupported(what)

    return refuse


def _peer_of(proxy):
    return proxy._assay_peer if type(proxy) is RemoteObject else proxy.__dict__["_assay_peer"]


def _equal(self, other):
    if self is other:
        return True
    raise _peer_of(self).unsupported("an object of the package is compared")


def _unequal(self, other):
    return not _equal(self, other)


def _function(name, kind=None):
    def method(self, *args):
        lengths = self._assay_peer.lengths
        try:
            value = self._assay_peer.ask("function", self._assay_number, (name, *args))
        except StopIteration:
            if not lengths.end(self._assay_number):
                raise self._assay_peer.unsupported("an object of the package is not as long as it says") from None
            raise
        # Python asks these of every object: what is no answer of the right kind is no answer at all.
        if kind is not None and type(value) is not kind:
            raise self._assay_peer.unsupported(f"{name} of an object of the package is no {kind.__name__}")
        if name == "iter" and type(value) is RemoteObject:
            lengths.begin(value._assay_number, self._assay_number)
        elif name == "next":
            lengths.step(self._assay_number)
        elif name == "len" and not lengths.tell(self._assay_number, value):
            raise self._assay_peer.unsupported("an object of the package is not as long as it says")
        return value

    return method


def _operator(name, operation="operator"):
    def method(self, *args):
        # What is left of an object after what is expected was taken away is a comparison in disguise.
        if name not in _LONE and type(args[0]) is not RemoteObject:
            raise self._assay_peer.unsupported("an object of the package is reckoned with a plain value")
        if name in _CHANGING:
            self._assay_peer.lengths.forget()
        return self._assay_peer.ask(operation, self._assay_number, (name, *args))

    return method


_LONE = ("getitem", "setitem", "delitem", "neg", "pos", "abs", "invert", "index")
_BINARY = ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow", "lshift", "rshift", "and_", "or_", "xor")
_CHANGING = frozenset(("setitem", "delitem", *("i" + name.strip("_") for name in _BINARY)))
_KINDS = {"len": int, "str": str, "repr": str, "bool": bool, "int": int, "float": float, "complex": complex, "format": str, "bytes": bytes}
for _name in ("iter", "next", "len", "str", "repr", "bool", "int", "float", "complex", "round", "format", "reversed", "divmod", "bytes"):
    setattr(RemoteObject, f"__{_name}__", _function(_name, _KINDS.get(_name)))
for _name in _LONE:
    setattr(RemoteObject, f"__{_name}__", _operator(_name))
for _name in _BINARY:
    _bare = _name.strip("_")
    setattr(RemoteObject, f"__{_bare}__", _operator(_name))
    setattr(RemoteObject, f"__r{_bare}__", _operator(_name, "swapped"))
    setattr(RemoteObject, f"__i{_bare}__", _operator("i" + _bare))
RemoteObject.__eq__ = _equal
RemoteObject.__ne__ = _unequal
RemoteObject.__hash__ = _refuse("an object of the package is hashed")
RemoteObject.__contains__ = _refuse("a value is looked for in an object of the package")
for _name in ("lt", "le", "gt", "ge"):
    setattr(RemoteObject, f"__{_name}__", _refuse("an object of the package is ordered"))
for _name in ("copy", "deepcopy", "reduce", "reduce_ex", "getstate"):
    setattr(RemoteObject, f"__{_name}__", _refuse("an object of the package is copied"))


class RemoteClass(type):
    """Classes of the package, exceptions aside."""

    def __new__(mcs, name, bases, namespace):
        if "_assay_peer" not in namespace:
            raise next(_peer_of(base) for base in bases if isinstance(base, RemoteClass)).unsupported("a class of the package is extended")
        return super().__new__(mcs, name, bases, namespace)

    def __call__(cls, /, *args, **kwargs):
        return _peer_of(cls).ask("call", cls.__dict__["_assay_number"], args, kwargs)

    def __getattr__(cls, name):
        return _attribute(_peer_of(cls), cls.__dict__["_assay_number"], name)

    def __setattr__(cls, name, value):
        raise _peer_of(cls).unsupported("an attribute of a class of the package is set")

    def __instancecheck__(cls, value):
        if type(value) is RemoteObject:
            return value._assay_class is not None and cls in _ancestors(value._assay_class)
        raise _peer_of(cls).unsupported("a value is asked whether it is of a class of the package")

    def __subclasscheck__(cls, other):
        if isinstance(other, RemoteClass):
            return cls in _ancestors(other)
        raise _peer_of(cls).unsupported("a class is asked whether it extends one of the package")

    def __iter__(cls):
        return _peer_of(cls).ask("function", cls.__dict__["_assay_number"], ("iter",))

    def __len__(cls):
        return _peer_of(cls).ask("function", cls.__dict__["_assay_number"], ("len",))

    def __getitem__(cls, key):
        return _peer_of(cls).ask("operator", cls.__dict__["_assay_number"], ("getitem", key))

    __contains__ = _refuse("a value is looked for in a class of the package")
    __or__ = __ror__ = _refuse("a class of the package is part of an annotation")


def _ancestors(cls):
    found, pending = [], [cls]
    while pending and len(found) < 1000:
        each = pending.pop()
        found.append(each)
        pending += each.__dict__.get("_assay_bases", ()) if isinstance(each, RemoteClass) else ()
    return found


def make_class(peer, number, name, raised, bases):
    own = {"_assay_peer": peer, "_assay_number": number, "_assay_remote": True, "__module__": "remote"}
    if raised:
        real = tuple(base for base in bases if isinstance(base, type) and issubclass(base, BaseException))
        return type(name, real or (Exception,), {**own, **_EXCEPTION})
    builtin = any(not isinstance(base, RemoteClass) for base in bases)
    # Of the bases only the built-in ones could be told from the outside; a class that has one says so when it is asked for.
    inherited = any(base.__dict__.get("_assay_extends_builtin") for base in bases if isinstance(base, RemoteClass))
    return RemoteClass(name, (), {**own, "_assay_bases": tuple(bases), "_assay_extends_builtin": builtin or inherited})


def _no_instance(self, *args, **kwargs):
    raise type(self)._assay_peer.unsupported("an exception of the package is made by a test")


def _exception_attribute(self, name):
    return _attribute(type(self)._assay_peer, self.__dict__["_assay_instance"], name)


def _exception_equal(self, other):
    if self is other:
        return True
    raise type(self)._assay_peer.unsupported("an exception of the package is compared")


_EXCEPTION = {
    "__init__": _no_instance,
    "__getattr__": _exception_attribute,
    "__str__": lambda self: self.__dict__["_assay_text"],
    "__repr__": lambda self: f"{type(self).__name__}({self.__dict__['_assay_text']!r})",
    "__eq__": _exception_equal,
    "__hash__": BaseException.__hash__,
    # What `BaseException` itself would answer from the examiner's side is not the candidate's.
    "args": property(lambda self: _exception_args(self)),
}


def _exception_args(error):
    return type(error)._assay_peer.ask("get", error.__dict__["_assay_instance"], ("args",))


def make_exception(cls, peer, number, text):
    error = cls.__new__(cls)
    error.__dict__.update(_assay_instance=number, _assay_text=text)
    return error
