"""Plain values as JSON documents: what may travel between the examiner and a candidate.

The encoder may run in a process that a candidate controls, so nothing rests on it: the decoder alone decides what comes out, from a
fixed table of exact built-in types, with caps on depth and digits. Nothing is ever looked up by a name from the wire.
"""

import collections
import datetime
import decimal
import fractions

DEPTH_MAX = 200
#: Hexadecimal digits of one integer.
DIGITS_MAX = 100_000
#: Integers beyond it travel in hexadecimal: Python bounds the decimal digits it converts.
_PLAIN_INT_MAX = 1 << 62


class Unsupported(BaseException):
    """A value that cannot travel. Not an `Exception`: a test that catches everything must not take it for a failure."""


class Malformed(BaseException):
    """A document that no honest encoder writes. Not an `Exception`, like all that ends a check."""


_NAMED_TYPES = {t.__name__: t for t in (int, float, complex, bool, str, bytes, list, tuple, dict, set, frozenset, object, type(None))}
_TYPE_NAMES = {t: name for name, t in _NAMED_TYPES.items()}


def encode(value, export, depth=0):
    """The document of a value. `export` makes one of what is no plain value, or raises `Unsupported`."""
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is int:
        return value if -_PLAIN_INT_MAX < value < _PLAIN_INT_MAX else {"i": hex(value)}
    if kind is float:
        return {"f": value.hex()}
    if depth >= DEPTH_MAX:
        raise Unsupported("a value is nested too deeply, or contains itself")
    if kind is list:
        return [encode(each, export, depth + 1) for each in value]
    encoder = _ENCODERS.get(kind)
    if encoder is not None:
        return encoder(value, lambda each: encode(each, export, depth + 1))
    if kind is type and value in _TYPE_NAMES:
        return {"T": _TYPE_NAMES[value]}
    return export(value)


def decode(document, resolve, depth=0):
    """The value of a document. `resolve` makes one of what is no plain value."""
    kind = type(document)
    if document is None or kind is bool or kind is str or kind is int:
        return document
    if depth > DEPTH_MAX:
        raise Malformed("nested too deeply")
    if kind is list:
        return [decode(each, resolve, depth + 1) for each in document]
    if kind is not dict or len(document) != 1:
        raise Malformed("not a document")
    ((tag, content),) = document.items()
    decoder = _DECODERS.get(tag)
    if decoder is None:
        return resolve(tag, content)
    return decoder(content, lambda each: decode(each, resolve, depth + 1))


def _pairs(value, item):
    return [[item(key), item(each)] for key, each in value.items()]


def _items(value, item):
    return [item(each) for each in value]


_ENCODERS = {
    tuple: lambda v, item: {"t": _items(v, item)},
    dict: lambda v, item: {"d": _pairs(v, item)},
    set: lambda v, item: {"s": _items(v, item)},
    frozenset: lambda v, item: {"fs": _items(v, item)},
    bytes: lambda v, item: {"b": v.hex()},
    bytearray: lambda v, item: {"ba": v.hex()},
    complex: lambda v, item: {"c": [v.real.hex(), v.imag.hex()]},
    range: lambda v, item: {"r": [item(v.start), item(v.stop), item(v.step)]},
    slice: lambda v, item: {"sl": [item(v.start), item(v.stop), item(v.step)]},
    collections.Counter: lambda v, item: {"C": _pairs(v, item)},
    collections.OrderedDict: lambda v, item: {"O": _pairs(v, item)},
    # Its factory is a built-in type, or stays where it is and is called there.
    collections.defaultdict: lambda v, item: {"dd": [item(v.default_factory), _pairs(v, item)]},
    collections.deque: lambda v, item: {"q": [_items(v, item), v.maxlen]},
    decimal.Decimal: lambda v, item: {"D": str(v)},
    fractions.Fraction: lambda v, item: {"F": [item(v.numerator), item(v.denominator)]},
    datetime.date: lambda v, item: {"dt": ["date", v.isoformat()]},
    datetime.time: lambda v, item: {"dt": ["time", v.isoformat()]},
    datetime.datetime: lambda v, item: {"dt": ["datetime", v.isoformat()]},
    datetime.timedelta: lambda v, item: {"td": [v.days, v.seconds, v.microseconds]},
    datetime.timezone: lambda v, item: {"tz": item(v.utcoffset(None))},
    type(NotImplemented): lambda v, item: {"n": "NotImplemented"},
    type(Ellipsis): lambda v, item: {"n": "Ellipsis"},
}


def _text(content):
    if type(content) is not str:
        raise Malformed("not a text")
    return content


def _sequence(content, length=None):
    if type(content) is not list or (length is not None and len(content) != length):
        raise Malformed("not a sequence of the right length")
    return content


def _integer(content):
    text = _text(content)
    if len(text) > DIGITS_MAX:
        raise Malformed("an integer with too many digits")
    return int(text, 16)


def _float(content):
    text = _text(content)
    if len(text) > 40:
        raise Malformed("not a float")
    return float.fromhex(text)


def _mapping(content, item):
    return {item(_sequence(pair, 2)[0]): item(pair[1]) for pair in _sequence(content)}


def _defaultdict(content, item):
    factory, pairs = _sequence(content, 2)
    return collections.defaultdict(item(factory), _mapping(pairs, item))


def _date(content, item):
    kind, text = _sequence(content, 2)
    kinds = {"date": datetime.date, "time": datetime.time, "datetime": datetime.datetime}
    if kind not in kinds or len(_text(text)) > 64:
        raise Malformed("not a date")
    return kinds[kind].fromisoformat(text)


def _decimal(content, item):
    if len(_text(content)) > 10_000:
        raise Malformed("a decimal with too many digits")
    return decimal.Decimal(content)


def _deque(content, item):
    items, length = _sequence(content, 2)
    return collections.deque([item(each) for each in _sequence(items)], length)


_SINGLETONS = {"NotImplemented": NotImplemented, "Ellipsis": Ellipsis}

_DECODERS = {
    "i": lambda c, item: _integer(c),
    "f": lambda c, item: _float(c),
    "t": lambda c, item: tuple([item(each) for each in _sequence(c)]),
    "d": _mapping,
    "s": lambda c, item: {item(each) for each in _sequence(c)},
    "fs": lambda c, item: frozenset([item(each) for each in _sequence(c)]),
    "b": lambda c, item: bytes.fromhex(_text(c)),
    "ba": lambda c, item: bytearray.fromhex(_text(c)),
    "c": lambda c, item: complex(*[_float(part) for part in _sequence(c, 2)]),
    "r": lambda c, item: range(*[item(part) for part in _sequence(c, 3)]),
    "sl": lambda c, item: slice(*[item(part) for part in _sequence(c, 3)]),
    "C": lambda c, item: collections.Counter(_mapping(c, item)),
    "dd": _defaultdict,
    "O": lambda c, item: collections.OrderedDict(_mapping(c, item)),
    "q": _deque,
    "D": _decimal,
    "F": lambda c, item: fractions.Fraction(*[item(part) for part in _sequence(c, 2)]),
    "dt": _date,
    "td": lambda c, item: datetime.timedelta(*[item(part) for part in _sequence(c, 3)]),
    "tz": lambda c, item: datetime.timezone(item(c)),
    "n": lambda c, item: _SINGLETONS[_text(c)],
    "T": lambda c, item: _NAMED_TYPES[_text(c)],
}
