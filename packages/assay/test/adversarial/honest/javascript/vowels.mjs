// Counts with a regular expression.
// stage: function; problem: countVowels
const countVowels = (text) => (text.match(/[aeiou]/gi) ?? []).length;
