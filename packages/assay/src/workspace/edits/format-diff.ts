import { type FilePatch, type Hunk, newLines, oldLines } from "./file-patch.ts";

/** Writes a diff in git's format, which `git apply` and `patch -p1` accept. */
export function formatDiff(files: readonly FilePatch[]): string {
  return files.map(formatFile).join("");
}

function formatFile(file: FilePatch): string {
  const { oldPath, newPath, hunks } = file;
  const lines = [`diff --git ${name("a/", oldPath ?? newPath)} ${name("b/", newPath ?? oldPath)}`];
  if (oldPath === undefined) lines.push(`new file mode ${mode(file.newExecutable)}`);
  else if (newPath === undefined) lines.push(`deleted file mode ${mode(file.oldExecutable)}`);
  else {
    if (file.newExecutable !== undefined && file.newExecutable !== file.oldExecutable) {
      lines.push(`old mode ${mode(!file.newExecutable)}`, `new mode ${mode(file.newExecutable)}`);
    }
    if (oldPath !== newPath) {
      const verb = file.copy ? "copy" : "rename";
      lines.push(`${verb} from ${name("", oldPath)}`, `${verb} to ${name("", newPath)}`);
    }
  }
  if (hunks.length > 0) {
    lines.push(`--- ${oldPath === undefined ? "/dev/null" : headerName("a/", oldPath)}`);
    lines.push(`+++ ${newPath === undefined ? "/dev/null" : headerName("b/", newPath)}`);
  }
  return `${lines.join("\n")}\n${hunks.map(formatHunk).join("")}`;
}

function formatHunk(hunk: Hunk): string {
  const header = `@@ -${hunk.oldStart},${oldLines(hunk).length} +${hunk.newStart},${newLines(hunk).length} @@\n`;
  const body = hunk.lines.map(({ kind, text }) =>
    text.endsWith("\n") ? kind + text : `${kind}${text}\n\\ No newline at end of file\n`,
  );
  return header + body.join("");
}

const mode = (executable = false): string => (executable ? "100755" : "100644");

/** As git does, a tab ends a name with blanks in it, so that `patch` does not take what follows for a time. */
function headerName(prefix: string, path: string): string {
  const written = name(prefix, path);
  return written.includes(" ") && !written.startsWith('"') ? `${written}\t` : written;
}

const escapes: Readonly<Record<string, string>> = { "\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\" };

/** Quoted the way of C, as git does, where the name could not be told from what is around it. */
function name(prefix: string, path = ""): string {
  const full = prefix + path;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be quoted.
  if (!/[\x00-\x1f\x7f"\\]| $/.test(full)) return full;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be quoted.
  const quoted = full.replace(/[\x00-\x1f\x7f"\\]/g, (character) => {
    return escapes[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
  });
  return `"${quoted}"`;
}
