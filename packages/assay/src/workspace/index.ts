export { differenceOf } from "./edits/difference-of.ts";
export { fileDiff } from "./edits/file-diff.ts";
export { combineHunks, reverseDiff, splitHunks } from "./edits/hunks.ts";
export { type ListedHunk, listHunks } from "./edits/list-hunks.ts";
export { LayeredWorkspaces, type LayeredWorkspacesOptions } from "./layered-workspaces.ts";
