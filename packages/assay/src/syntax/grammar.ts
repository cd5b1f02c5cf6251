import { createRequire } from "node:module";
import { parse, registerDynamicLanguage, type SgNode } from "@ast-grep/napi";

const registered = Symbol.for("assay.syntax.grammars");

/**
 * Makes the grammars known that are not built into `@ast-grep/napi`; its authors allow that once a process, hence the
 * mark on the global object: modules may be evaluated more than once, the native library is loaded once.
 */
function registerGrammars(): void {
  const marks = globalThis as { [registered]?: boolean };
  if (marks[registered]) return;
  marks[registered] = true;
  const require = createRequire(import.meta.url);
  registerDynamicLanguage({ python: require("@ast-grep/lang-python") });
}

/** Root of the native syntax tree. */
export function nativeRoot(grammar: string, source: string): SgNode {
  registerGrammars();
  return parse(grammar, source).root();
}
