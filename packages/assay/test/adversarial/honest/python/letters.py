# Returns the set itself.
# stage: function; problem: letters
def letters(text):
    return set(text)
