# Counts with a regular expression.
# stage: function; problem: count_vowels
import re


def count_vowels(text):
    return len(re.findall("[aeiou]", text, re.IGNORECASE))
