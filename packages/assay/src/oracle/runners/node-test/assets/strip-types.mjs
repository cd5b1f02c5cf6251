// Runs inside the sandbox, in the screen: strips types once for all candidates. Node's own stripper is WebAssembly that each
// process would compile anew, which costs more than everything else a small test does (0.13 s of CPU, Node 24).
import { readFileSync, writeFileSync } from "node:fs";
import module from "node:module";
import { join } from "node:path";

const tablePath = "/tmp/assay-stripped.json";
const bytesMax = 16 * 1024 * 1024;

export class TypeStripper {
  #root;
  #files;

  /** `files`: the project's TypeScript sources; none where a loader of the project's own reads them. */
  constructor(root, files) {
    this.#root = root;
    this.#files = new Set(typeof module.stripTypeScriptTypes === "function" ? files : []);
  }

  /** Writes the table of the sources as they are now and returns its path; a source that cannot be stripped is left to Node. */
  writeTable() {
    const table = {};
    let bytes = 0;
    for (const file of this.#files) {
      try {
        const text = readFileSync(join(this.#root, file), "utf8");
        bytes += text.length;
        if (bytes > bytesMax) break;
        table[file] = module.stripTypeScriptTypes(text);
      } catch {
        // Not erasable, or not TypeScript at all.
      }
    }
    writeFileSync(tablePath, JSON.stringify(table));
    return tablePath;
  }

  /** The candidate's files without types. Throws what Node throws for a text that cannot be stripped. */
  strip(files) {
    const stripped = {};
    for (const [file, text] of Object.entries(files)) {
      if (this.#files.has(file)) stripped[file] = module.stripTypeScriptTypes(text);
    }
    return stripped;
  }
}
