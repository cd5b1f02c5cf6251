# Counts with a set.
# stage: function; problem: count_vowels
def count_vowels(text):
    return sum(letter in set("aeiou") for letter in text.lower())
