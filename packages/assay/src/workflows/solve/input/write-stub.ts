import type { SolveLanguage } from "@assay/sdk";

/** What a name of the tests has to be, by how such names are written. */
function kindOf(name: string): "error" | "class" | "constant" | "function" {
  if (/(?:Error|Exception)$/.test(name) && /^[A-Z]/.test(name)) return "error";
  if (/^[A-Z][A-Z0-9_]+$/.test(name)) return "constant";
  return /^[A-Z]/.test(name) ? "class" : "function";
}

/** A module that has every name the tests want, and does nothing: whoever calls it is told so. `default`: what a module exports by default. */
export function writeStub(names: readonly string[], language: SolveLanguage, commonJs = false): string {
  const unique = [...new Set(names)].sort();
  if (language === "python") return unique.map(pythonStub).join("\n\n");
  const typed = language === "typescript";
  const written = unique.map((name) => scriptStub(name, typed, commonJs));
  const exported = commonJs ? [`module.exports = { ${unique.join(", ")} };\n`] : [];
  return [...written, ...exported].join("\n");
}

function pythonStub(name: string): string {
  const refusal = `raise NotImplementedError("${name} is not written yet")`;
  switch (kindOf(name)) {
    case "error":
      return `class ${name}(Exception):\n    pass\n`;
    case "constant":
      return `${name} = None\n`;
    case "class":
      return `class ${name}:\n    def __init__(self, *args, **kwargs):\n        ${refusal}\n`;
    case "function":
      return `def ${name}(*args, **kwargs):\n    ${refusal}\n`;
  }
}

function scriptStub(name: string, typed: boolean, commonJs: boolean): string {
  const given = typed ? "...args: any[]" : "...args";
  const refusal = `throw new Error("${name} is not written yet");`;
  if (name === "default")
    return `export default function solution(${given})${typed ? ": any" : ""} {\n  ${refusal}\n}\n`;
  const exported = commonJs ? "" : "export ";
  switch (kindOf(name)) {
    case "error":
      return `${exported}class ${name} extends Error {}\n`;
    case "constant":
      return `${exported}const ${name}${typed ? ": any" : ""} = undefined;\n`;
    case "class":
      return `${exported}class ${name} {\n  constructor(${given}) {\n    ${refusal}\n  }\n}\n`;
    case "function":
      return `${exported}function ${name}(${given})${typed ? ": any" : ""} {\n  ${refusal}\n}\n`;
  }
}
