// Runs inside the sandbox, in a driver.

const separators = /::|\/|\[|\(| > /g;
const sets = new WeakMap();

/**
 * Whether a test is meant: by its id, by what its id begins with (a folder, a target, a class, a test for its subtests), by its
 * file, or by its name alone. An empty selection means every test. Takes as long for a long selection as for a short one.
 */
export function isSelected(selection, id, file) {
  const wanted = setOf(selection);
  if (wanted.size === 0 || wanted.has("...") || wanted.has(file)) return true;
  const name = id.slice(id.lastIndexOf("::") + 2);
  return [id, name].some((whole) => beginnings(whole).some((part) => wanted.has(part)));
}

function setOf(selection) {
  let set = sets.get(selection);
  if (set === undefined) {
    set = new Set(selection.map((item) => item.replace(/^\.\//, "").replace(/\/(?:\.\.\.)?$/, "")));
    sets.set(selection, set);
  }
  return set;
}

function beginnings(whole) {
  return [...[...whole.matchAll(separators)].map(({ index }) => whole.slice(0, index)), whole];
}
