// Runs inside the sandbox: which tests count, whatever else ran.

/** Whether the selection of one file chooses a test of that file. */
export function chooses({ path, ids, prefixes, fragments }, id) {
  if (ids?.includes(id)) return true;
  if (prefixes.some((prefix) => id === prefix || id.startsWith(`${prefix} > `))) return true;
  if (fragments.some((fragment) => id.includes(fragment))) return true;
  return ids === undefined && prefixes.length === 0 && fragments.length === 0 && id.startsWith(`${path} > `);
}
