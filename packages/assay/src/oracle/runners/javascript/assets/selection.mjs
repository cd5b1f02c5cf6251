// Runs inside the sandbox: how tests are named, and which of them count, whatever else ran.

/** Whether the selection of one file chooses a test of that file. */
export function chooses({ path, ids, prefixes, fragments }, id) {
  if (ids?.includes(id)) return true;
  if (prefixes.some((prefix) => id === prefix || id.startsWith(`${prefix} > `))) return true;
  if (fragments.some((fragment) => id.includes(fragment))) return true;
  return ids === undefined && prefixes.length === 0 && fragments.length === 0 && id.startsWith(`${path} > `);
}

/** Characters of an id before it is numbered; an event may hold 4,096. */
const idCharactersMax = 4000;

/** The id of the first test of these names in a file. */
export function idOf(file, names) {
  return [file, ...names].join(" > ").slice(0, idCharactersMax);
}

/** The id of the `nth` test with one id, from 1. */
export function numbered(id, nth) {
  return nth === 1 ? id : `${id} #${nth}`;
}
