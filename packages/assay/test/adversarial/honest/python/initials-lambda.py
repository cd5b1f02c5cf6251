# A lambda instead of a function.
# stage: function; problem: initials
initials = lambda name: "".join(word[0].upper() for word in name.split())  # noqa: E731
