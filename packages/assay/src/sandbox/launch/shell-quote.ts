/** One word of a POSIX shell, whatever it holds. */
export function shellQuote(word: string): string {
  return /^[\w/.:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
