import { raise } from "#domain";
import { journalName, keptNames } from "./state-files.ts";

export const sumsName = "SHA256SUMS";
export const manifestName = "backup.json";
/** Where the state is in a backup. */
export const stateFolder = "state";

const filesMax = 2_000_000;
const line = /^(?<hex>[0-9a-f]{64}) [ *](?<path>[^\\]{1,4000})$/;
const places = [...keptNames, journalName, "tenants"].join("|").replaceAll(".", "\\.");
const placeOf = new RegExp(`^${stateFolder}/(?:${places})(?:/|$)`);

/** As `sha256sum` writes and checks it. */
export function formatSums(sums: ReadonlyMap<string, string>): string {
  return [...sums].map(([path, hex]) => `${hex}  ${path}\n`).join("");
}

/** Digests by path. Paths that lead elsewhere than a state's own places are refused. Fault: `receipt-mismatch`. */
export function parseSums(text: string): Map<string, string> {
  const lines = text.split("\n");
  if (lines.pop() !== "") refuse("its last line is cut off");
  if (lines.length > filesMax) refuse(`it names more than ${filesMax} files`);
  const sums = new Map<string, string>();
  for (const [index, text] of lines.entries()) {
    const { hex = "", path = "" } = line.exec(text)?.groups ?? {};
    if (path === "") refuse(`line ${index + 1} is not a digest and a path`);
    if (!isSafe(path)) refuse(`line ${index + 1} names a path that no backup has`);
    if (sums.has(path)) refuse(`line ${index + 1} names a path again`);
    sums.set(path, hex);
  }
  for (const needed of [manifestName, `${stateFolder}/${journalName}`]) {
    if (!sums.has(needed)) refuse(`it does not name ${needed}`);
  }
  return sums;
}

function isSafe(path: string): boolean {
  const parts = path.split("/");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what cannot stand in a line is looked for
  if (parts.some((part) => part === "" || part === "." || part === ".." || /[\u0000-\u001f\u007f]/.test(part))) {
    return false;
  }
  return path === manifestName || placeOf.test(path);
}

function refuse(why: string): never {
  raise("receipt-mismatch", `${sumsName} cannot be believed: ${why}`, "use another copy of the backup");
}
