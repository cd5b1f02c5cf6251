import type { ProposalRequest } from "#ports";
import type { ReadFileState } from "#syntax";
import { readText } from "../../search/read-text.ts";

/** How edits see the snapshot's files. */
export function projectFiles({ snapshot }: Pick<ProposalRequest, "snapshot">): ReadFileState {
  const known = new Set(snapshot.files);
  return async (path) => {
    if (!known.has(path)) return { kind: "absent" };
    const text = await readText(snapshot, path);
    if (text === undefined) return { kind: "refused", reason: "too long to be edited, or not UTF-8 text" };
    return { kind: "file", state: { text, executable: false } };
  };
}
