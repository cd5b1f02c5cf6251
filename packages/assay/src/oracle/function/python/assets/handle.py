"""A handle: what stands for something of the other side that cannot travel."""

#: Methods of built-in types that are told what a test expects, or whose answer a test goes through: asked of what a function returned,
#: they would let it judge itself.
_JUDGING = frozenset(
    (
        *(name for kind in (str, bytes) for name in dir(kind) if not name.startswith("_")),
        *("issubset", "issuperset", "isdisjoint", "difference", "symmetric_difference", "intersection", "union"),
        *("is_integer", "is_zero", "is_nan", "is_infinite", "is_finite", "equals", "all", "any"),
        *("compare", "compare_signal", "compare_total", "compare_total_mag", "same_quantum"),
        *("remove", "setdefault", "items", "keys", "values"),
    )
)


class Handle:
    """Something of the other side that stays there. It equals itself only: what it equals is never asked of who made it."""

    __slots__ = ("_peer", "_number")

    def __init__(self, peer, number):
        object.__setattr__(self, "_peer", peer)
        object.__setattr__(self, "_number", number)

    def __call__(self, *args, **kwargs):
        self._peer.lengths.called(self._number)
        return self._peer.ask("call", self._number, args, kwargs)

    def __iter__(self):
        iterator = self._peer.ask("iter", self._number)
        if type(iterator) is Handle:
            self._peer.lengths.begin(iterator._number, self._number)
        return iterator

    def __next__(self):
        try:
            value = self._peer.ask("next", self._number)
        except StopIteration:
            self._agreed(self._peer.lengths.end(self._number))
            raise
        self._peer.lengths.step(self._number)
        return value

    def __len__(self):
        length = self._peer.ask("len", self._number)
        self._agreed(self._peer.lengths.tell(self._number, length))
        return length

    def _agreed(self, agrees):
        """A test that counts with `len` goes through as many as it was told, or has seen nothing."""
        if not agrees:
            raise self._peer.unsupported("an object that is not as long as it says")

    def __getitem__(self, key):
        return self._peer.ask("item", self._number, (key,))

    def __getattr__(self, name):
        if (name.startswith("__") and name.endswith("__")) or (name in _JUDGING and not self._peer.tests_class):
            raise self._peer.unsupported(f"{name} of an object that cannot travel")
        value = self._peer.ask("get", self._number, (name,))
        if type(value) is Handle:
            self._peer.lengths.has_method(self._number, value._number)
        return value

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
