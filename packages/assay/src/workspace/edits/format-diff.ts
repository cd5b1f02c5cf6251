import { type FilePatch, type Hunk, newLines, oldLines } from "#syntax";

/** Writes a diff in git's format, which `git apply` and `patch -p1` accept. */
export function formatDiff(files: readonly FilePatch[]): string {
  return files.map(formatFile).join("");
}

function formatFile(file: FilePatch): string {
  const { oldPath, newPath, hunks } = file;
  // Where no other line names the file, GNU patch cannot tell two names with blanks apart unless they are quoted.
  const written = hunks.length > 0 ? name : nameWithoutBlanks;
  const lines = [`diff --git ${written("a/", oldPath ?? newPath)} ${written("b/", newPath ?? oldPath)}`];
  if (oldPath === undefined) lines.push(`new file mode ${mode(file.newExecutable)}`);
  else if (newPath === undefined) {
    lines.push(`deleted file mode ${mode(file.oldExecutable)}`);
    // Without this line GNU patch does not take an empty file for deleted.
    if (hunks.length === 0) lines.push("index e69de29..0000000");
  } else {
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

/** Quoted where the name could not be told from what is around it. */
function name(prefix: string, path = ""): string {
  const full = prefix + path;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be quoted.
  return /[\x00-\x1f\x7f"\\]| $/.test(full) ? quote(full) : full;
}

function nameWithoutBlanks(prefix: string, path = ""): string {
  return path.includes(" ") ? quote(prefix + path) : name(prefix, path);
}

/** The way of C, as git does. */
function quote(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to be quoted.
  const quoted = text.replace(/[\x00-\x1f\x7f"\\]/g, (character) => {
    return escapes[character] ?? `\\${character.charCodeAt(0).toString(8).padStart(3, "0")}`;
  });
  return `"${quoted}"`;
}
