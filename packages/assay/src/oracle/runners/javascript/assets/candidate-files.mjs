// Runs inside the sandbox, in a screen: the files of one candidate at a time, in the workspace that all of them share.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { WorkspaceState } from "./workspace-state.mjs";

export class CandidateFiles {
  #root;
  #state;
  #originals = new Map();
  #edited = [];

  constructor(root) {
    this.#root = root;
    this.#state = new WorkspaceState(root);
  }

  /** Puts the candidate's files in place, and all else as it was before the last one; returns the paths that may have changed. */
  place(files) {
    for (const path of this.#edited) this.#restore(path);
    const restored = this.#state.restore().map((path) => relative(this.#root, path));
    const before = [...this.#edited, ...restored];
    this.#edited = [];
    for (const [path, content] of Object.entries(files)) {
      const target = join(this.#root, path);
      if (!this.#originals.has(path)) this.#originals.set(path, readIfAny(target));
      this.#edited.push(path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, content);
    }
    return [...new Set([...before, ...this.#edited])];
  }

  #restore(path) {
    const original = this.#originals.get(path);
    if (original === undefined) rmSync(join(this.#root, path), { force: true });
    else writeFileSync(join(this.#root, path), original);
  }
}

function readIfAny(path) {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
