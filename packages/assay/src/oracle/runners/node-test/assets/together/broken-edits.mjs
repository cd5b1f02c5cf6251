// Runs inside the sandbox, in the screen: which edits of a file Node itself would not load. One of them would spoil all that stand
// beside it. Nothing is executed.
import vm from "node:vm";

/** Outcomes of those alone. */
export function brokenEdits(stripper, { file, source, edits }) {
  const kinds = /\.c[jt]s$/.test(file) ? [isScript] : /\.m[jt]s$/.test(file) ? [isModule] : [isModule, isScript];
  // What neither knows as it is says nothing about its edits.
  if (!loads(stripper, file, source, kinds)) return [];
  return edits
    .filter(({ start, end, text }) => !loads(stripper, file, source.slice(0, start) + text + source.slice(end), kinds))
    .map(({ id }) => ({ id, kind: "broken" }));
}

function loads(stripper, file, text, kinds) {
  try {
    const plain = stripper.strip({ [file]: text })[file] ?? text;
    return kinds.some((isOne) => isOne(plain));
  } catch {
    return false;
  }
}

function isModule(text) {
  try {
    return new vm.SourceTextModule(text) !== undefined;
  } catch (error) {
    return !(error instanceof SyntaxError);
  }
}

function isScript(text) {
  try {
    return vm.compileFunction(text, ["exports", "require", "module", "__filename", "__dirname"]) !== undefined;
  } catch {
    return false;
  }
}
