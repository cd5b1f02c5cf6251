"""What a call does to its arguments, and doing the same to the caller's own objects."""

import collections

from values import Malformed, Unsupported

_MAPPINGS = (dict, collections.Counter, collections.OrderedDict, collections.defaultdict)
_MUTABLE = frozenset((list, set, bytearray, collections.deque, *_MAPPINGS))
#: What may hold something mutable, or be it.
_HOLDERS = _MUTABLE | {tuple}


def is_mutable(value):
    return type(value) in _MUTABLE


def changes_of(documents, values, encode):
    """Arguments whose documents are no longer those that came, with their documents now."""
    changed = []
    for key, value in values.items():
        if type(value) in _HOLDERS:
            document = encode(value)
            if document != documents[key]:
                changed.append([key, document])
    return changed


def apply_changes(values, changed):
    """Gives the caller's objects the contents that the other side's have now. `changed` holds pairs of a key and a value."""
    if changed and _shares(values.values(), set()):
        for key, value in changed:
            # Two names for one object here are two objects there: which of them is right, nobody knows.
            if not _same(values[key], value):
                raise Unsupported("an argument that holds the same object twice is changed")
    for key, value in changed:
        update(values[key], value)


def update(mine, theirs):
    """Gives my object the contents of theirs in place, so that everybody who holds it sees them."""
    kind = type(mine)
    if kind is not type(theirs) or kind not in _HOLDERS:
        raise Malformed("an argument changed its type")
    if kind is tuple:
        if len(mine) != len(theirs):
            raise Malformed("a tuple changed its length")
        for a, b in zip(mine, theirs):
            _merged(a, b)
    elif kind is list and len(mine) == len(theirs):
        mine[:] = [_merged(a, b) for a, b in zip(mine, theirs)]
    elif kind is list or kind is bytearray:
        mine[:] = theirs
    elif kind in _MAPPINGS:
        merged = {key: _merged(mine[key], each) if key in mine else each for key, each in theirs.items()}
        mine.clear()
        # A Counter's own update adds; an OrderedDict's keeps the order.
        (collections.OrderedDict if kind is collections.OrderedDict else dict).update(mine, merged)
    elif kind is set:
        mine.clear()
        mine.update(theirs)
    else:
        mine.clear()
        mine.extend(theirs)


def _merged(mine, theirs):
    """An inner object keeps its identity where it can."""
    if type(mine) is type(theirs) and (type(mine) in _MUTABLE or (type(mine) is tuple and len(mine) == len(theirs))):
        update(mine, theirs)
        # A tuple may hold other plain values than before; only what it holds that is mutable has been changed in place.
        return theirs if type(mine) is tuple and mine != theirs else mine
    return theirs


def _same(mine, theirs):
    return type(mine) is type(theirs) and mine == theirs


def _shares(values, seen):
    """Whether something mutable is reached on two ways."""
    for value in values:
        kind = type(value)
        if kind in _MUTABLE:
            if id(value) in seen:
                return True
            seen.add(id(value))
        if kind in _MAPPINGS and _shares(value.values(), seen):
            return True
        if kind in (list, tuple, collections.deque) and _shares(value, seen):
            return True
    return False
