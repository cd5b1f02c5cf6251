// Runs inside the sandbox, in a driver.

/**
 * Whether a test is meant: by its id, by what its id begins with (a folder, a target, a class, a test for its subtests), by its
 * file, or by its name alone. An empty selection means every test.
 */
export function isSelected(selection, id, file) {
  if (selection.length === 0) return true;
  return selection.some((item) => {
    const wanted = item.replace(/^\.\//, "").replace(/\/(?:\.\.\.)?$/, "");
    if (item === "./..." || wanted === id || wanted === file) return true;
    if (id.startsWith(wanted) && /^(?:::|\/|[[(]| > )/.test(id.slice(wanted.length))) return true;
    const name = id.slice(id.lastIndexOf("::") + 2);
    return name === wanted || name.startsWith(`${wanted}/`);
  });
}
