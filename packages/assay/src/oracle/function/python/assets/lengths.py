"""How long objects of the other side say they are, and how many items they gave: no test may rest on the one without the other."""


class Lengths:
    def __init__(self):
        self._told = {}
        self._given = {}
        #: By iterator: what it goes through, and how many items it gave so far.
        self._running = {}
        self._methods = {}

    def has_method(self, source, method):
        self._methods[method] = source

    def called(self, method):
        """What a method may have changed is as long as it says next."""
        source = self._methods.get(method)
        self._told.pop(source, None)
        self._given.pop(source, None)

    def forget(self):
        """What may have changed anything."""
        for known in (self._told, self._given, self._running):
            known.clear()

    def begin(self, iterator, source):
        self._running[iterator] = [source, 0]

    def step(self, iterator):
        if iterator in self._running:
            self._running[iterator][1] += 1

    def end(self, iterator):
        """Whether it gave as many as its source said last, if that said anything."""
        source, given = self._running.pop(iterator, (None, 0))
        if source is None:
            return True
        self._given[source] = given
        return self._told.get(source, given) == given

    def tell(self, source, length):
        """Whether that is how many it gave last, if it has given all."""
        self._told[source] = length
        return self._given.pop(source, length) == length
