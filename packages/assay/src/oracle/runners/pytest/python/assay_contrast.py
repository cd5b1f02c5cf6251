"""
Edits that pass the same tests, told apart: what the tests call the edited functions with, and inputs a little different from that, are
given to the functions with each of the edits, until an input is found of which two make different things.
"""

import copy
import inspect
import itertools
import re
import signal
import sys
import time
import types

_RECORDED_MAX = 40
_INPUTS_MAX = 400
_SECONDS_MAX = 1.5
_CALL_SECONDS_MAX = 0.5
_FUEL = 200_000
_ITEMS_MAX = 200
_TEXT_MAX = 300
_ADDRESS = re.compile(r"0x[0-9a-fA-F]+")


class _TooLong(BaseException):
    pass


def tell_apart(swapped, request):
    """
    `found`: the call and each candidate's result, or None; `compared`: whether all candidates were given inputs. `swapped` is used up: this
    is for a process of its own.
    """
    variants = swapped.variants(request["file"], request["candidates"])
    if len(variants) < 2:
        return {"compared": False, "found": None}
    codes = {}
    for variant in variants:
        for unit in variant["codes"]:
            for function in swapped.functions(unit):
                codes[function.__code__] = (unit, function)
    calls = _record(swapped, request["tests"], codes)
    ends = time.monotonic() + _SECONDS_MAX
    raised = None
    compared = len(variants) == len(request["candidates"]) and bool(calls)
    for unit, function, values in _inputs(calls):
        if time.monotonic() > ends:
            break
        results = [_result(swapped, variant, function, values) for variant in variants]
        if len({result for result, _ in results}) < 2:
            continue
        found = {
            "call": _call_text(function, values),
            "results": [{"id": variant["id"], "result": text} for variant, (text, _) in zip(variants, results)],
        }
        returned = {text for text, is_value in results if is_value}
        if len(returned) > 1:
            return {"compared": compared, "found": found}
        # An input that one refuses may be one that nobody should give.
        raised = raised or found
    return {"compared": compared, "found": raised}


def _record(swapped, tests, codes):
    """Copies of the arguments of calls that the tests make, by function."""
    calls, seen = {}, set()

    def note(frame, event, _argument):
        if event != "call" or frame.f_code not in codes:
            return
        unit, function = codes[frame.f_code]
        known = calls.setdefault(unit, (function, []))[1]
        if len(known) >= _RECORDED_MAX or inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
            return
        sys.setprofile(None)
        try:
            code = frame.f_code
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            if code.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS):
                return
            values = {name: copy.deepcopy(frame.f_locals[name]) for name in names}
            key = (unit, _text(values))
            if key not in seen:
                seen.add(key)
                known.append(values)
        except Exception:  # noqa: BLE001 - what cannot be copied is no input
            pass
        finally:
            sys.setprofile(note)

    for test in tests:
        sys.setprofile(note)
        try:
            swapped.run_quietly(test)
        finally:
            sys.setprofile(None)
    return calls


def _inputs(calls):
    """Calls as they were recorded, then with one argument a little different, then with two."""
    for unit, (function, recorded) in calls.items():
        yield from ((unit, function, values) for values in recorded)
    for unit, (function, recorded) in calls.items():
        made = _varied(recorded)
        yield from ((unit, function, values) for values in itertools.islice(made, _INPUTS_MAX))


def _varied(recorded):
    pools = {}
    for values in recorded:
        for name, value in values.items():
            pools.setdefault(name, []).append(value)
    seen = {_text(values) for values in recorded}
    once = []
    for values in recorded:
        for name in values:
            for other in _near(values[name], pools[name]):
                changed = dict(values, **{name: other})
                key = _text(changed)
                if key not in seen:
                    seen.add(key)
                    once.append(changed)
                    yield changed
    for values in once[:20]:
        for name in values:
            for other in _near(values[name], pools[name])[:4]:
                changed = dict(values, **{name: other})
                key = _text(changed)
                if key not in seen:
                    seen.add(key)
                    yield changed


def _near(value, pool):
    """
    Values of the same kind: those that other calls have, then neighbours. Nothing of a sort that was never seen: a function that is only
    ever given positive numbers need not know what to do with others.
    """
    kind = type(value)
    alike = [other for other in pool if type(other) is kind]
    if kind is bool:
        return [not value]
    if kind in (int, float):
        floor = min(alike)
        near = [value + 1, value - 1, value * 2, value + 2, *alike]
        if floor < 0:
            near.append(-value)
        return _without(value, [other for other in near if other >= min(floor, 0 if floor < 2 else 1)])
    if kind is str:
        near = [*alike, value + value[:1], value[1:], value[:-1], value[::-1], value + value, value.swapcase()]
        return _without(value, [other for other in near if other or "" in alike])
    if kind in (list, tuple):
        near = [*alike, value[::-1]]
        # A tuple of one length is a record: nobody ever gives it another one.
        if kind is list or len({len(other) for other in alike}) > 1:
            near += [value[1:], value[:-1], value + value[:1], value + value]
        for index, item in enumerate(value[:4]):
            items = [item for other in alike for item in other][:20]
            near += [value[:index] + kind([other]) + value[index + 1 :] for other in _near(item, items)[:3]]
        return _without(value, [other for other in near if other or kind() in alike])
    if kind is dict:
        near = [*alike, *({k: v for k, v in value.items() if k != key} for key in list(value)[:3])]
        for key in list(value)[:3]:
            near += [dict(value, **{key: other}) for other in _near(value[key], list(value.values()))[:3]] if isinstance(key, str) else []
        return _without(value, [other for other in near if other or {} in alike])
    return _without(value, alike)[:3]


def _without(value, others):
    return [other for other in others if _text(other) != _text(value)]


def _result(swapped, variant, function, values):
    """What the function makes of the values with the variant's edit, and whether that is a value."""
    given = copy.deepcopy(values)
    originals = [(unit, swapped.put(unit, code)) for unit, code in variant["codes"].items()]
    previous = signal.signal(signal.SIGALRM, _late)
    signal.setitimer(signal.ITIMER_REAL, _CALL_SECONDS_MAX)
    try:
        swapped.refuel(_FUEL)
        positional = [given[name] for name in given if name not in _keyword_only(function)]
        result = function(*positional, **{name: given[name] for name in _keyword_only(function)})
        if isinstance(result, types.GeneratorType):
            result = list(itertools.islice(result, _ITEMS_MAX))
        text = _text(result)
        changed = [f"{name} is then {_text(given[name])}" for name in given if _text(given[name]) != _text(values[name])]
        return "; ".join([text, *changed])[:_TEXT_MAX], True
    except _TooLong:
        return "does not end", False
    except BaseException as error:  # noqa: BLE001 - whatever it raises is what it does
        return f"raises {type(error).__name__}", False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
        swapped.refuel(None)
        for unit, codes in originals:
            swapped.put_back(unit, codes)


def _late(_signal, _frame):
    raise _TooLong()


def _keyword_only(function):
    code = function.__code__
    return code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount]


def _call_text(function, values):
    name = function.__qualname__.replace("<locals>.", "")
    return f"{name}({', '.join(f'{key}={_text(value)}' for key, value in values.items())})"[:_TEXT_MAX]


def _text(value, depth=0):
    """Equal for values that are alike; of objects without a text of their own what they are made of."""
    if depth > 4:
        return "…"
    kind = type(value)
    if kind in (list, tuple, set, frozenset):
        items = [_text(item, depth + 1) for item in itertools.islice(value, _ITEMS_MAX)]
        items = sorted(items) if kind in (set, frozenset) else items
        return f"{'' if kind in (list, tuple) else kind.__name__}{'[' if kind is list else '('}{', '.join(items)}{']' if kind is list else ')'}"
    if kind is dict:
        pairs = itertools.islice(value.items(), _ITEMS_MAX)
        return "{" + ", ".join(f"{_text(key, depth + 1)}: {_text(item, depth + 1)}" for key, item in pairs) + "}"
    if kind.__repr__ is object.__repr__ and hasattr(value, "__dict__"):
        return f"{kind.__name__}{_text(vars(value), depth + 1)}"
    return _ADDRESS.sub("0x", repr(value))[:_TEXT_MAX]
