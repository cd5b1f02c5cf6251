"""A handle: what stands for something of the other side that cannot travel."""

#: Methods of built-in types on whose answer alone an assertion may rest: asked of what a function returned, they would let it
#: judge itself.
_JUDGING = frozenset(
    (
        *("startswith", "endswith", "issubset", "issuperset", "isdisjoint", "count", "index", "find", "rfind", "rindex"),
        *("is_integer", "is_zero", "is_nan", "is_infinite", "is_finite", "equals", "compare", "all", "any"),
        *(name for name in dir(str) if name.startswith("is")),
    )
)


class Handle:
    """Something of the other side that stays there. It equals itself only: what it equals is never asked of who made it."""

    __slots__ = ("_peer", "_number")

    def __init__(self, peer, number):
        object.__setattr__(self, "_peer", peer)
        object.__setattr__(self, "_number", number)

    def __call__(self, *args, **kwargs):
        return self._peer.ask("call", self._number, args, kwargs)

    def __iter__(self):
        return self._peer.ask("iter", self._number)

    def __next__(self):
        return self._peer.ask("next", self._number)

    def __len__(self):
        return self._peer.ask("len", self._number)

    def __getitem__(self, key):
        return self._peer.ask("item", self._number, (key,))

    def __getattr__(self, name):
        if (name.startswith("__") and name.endswith("__")) or (name in _JUDGING and not self._peer.tests_class):
            raise self._peer.unsupported(f"{name} of an object that cannot travel")
        return self._peer.ask("get", self._number, (name,))

    def __eq__(self, other):
        if self is other:
            return True
        raise self._peer.unsupported("an object that cannot travel is compared")

    @property
    def __class__(self):
        """What `isinstance` asks for."""
        raise self._peer.unsupported("the class of an object that cannot travel")

    __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __contains__ = __eq__


def _refusal(name):
    def refuse(self, *_):
        raise self._peer.unsupported(f"{name} of an object that cannot travel")

    return refuse


_BINARY = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and xor or".split()
#: Whatever else tests may do with an object shows that they cannot judge it from here; it is not the candidate's failure.
_REFUSED = (
    *("hash", "bool", "str", "repr", "format", "bytes", "int", "float", "complex", "index", "round", "trunc", "floor", "ceil"),
    *("neg", "pos", "abs", "invert", "enter", "exit", "aenter", "aexit", "await", "aiter", "anext", "reversed"),
    *("setitem", "delitem", "setattr", "delattr"),
    *_BINARY,
    *(f"r{name}" for name in _BINARY),
    *(f"i{name}" for name in _BINARY if name != "divmod"),
)
for _name in _REFUSED:
    setattr(Handle, f"__{_name}__", _refusal(f"__{_name}__"))
