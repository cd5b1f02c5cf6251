import { expect, test } from "vitest";
import { decidePermission, permissionAnswer } from "./permission.ts";

const workspace = "/home/me/project";

function decide(toolCall: object) {
  return decidePermission({ options: [], toolCall: { toolCallId: "1", ...toolCall } }, workspace).allowed;
}
const at = (...paths: string[]) => ({ locations: paths.map((path) => ({ path })) });

test("what is done to files is allowed where all of them are inside the workspace", () => {
  expect(decide({ kind: "edit", ...at("/home/me/project/a.js") })).toBe(true);
  expect(decide({ kind: "delete", ...at("a.js", "sub/../b.js") })).toBe(true);
  expect(decide({ kind: "edit", content: [{ type: "diff", path: "/home/me/project/a.js", newText: "" }] })).toBe(true);
  expect(decide({ kind: "edit", ...at("/home/me/project/a.js", "/etc/passwd") })).toBe(false);
  expect(decide({ kind: "edit", ...at("/home/me/project/../secret") })).toBe(false);
  expect(decide({ kind: "edit", ...at("/home/me/project-two/a.js") })).toBe(false);
  expect(decide({ kind: "edit", ...at("a.js"), content: [{ type: "diff", path: "/etc/passwd", newText: "" }] })).toBe(
    false,
  );
});

test("a command and a search stay in the sandbox; a change that names no file, and all that is not about files, is denied", () => {
  for (const kind of ["execute", "read", "search", "think"]) expect([kind, decide({ kind })]).toEqual([kind, true]);
  for (const kind of ["edit", "delete", "move", "fetch", "switch_mode", "other", undefined]) {
    expect([kind, decide({ kind })]).toEqual([kind, false]);
  }
  expect(decide({ kind: "fetch", ...at("a.js") })).toBe(false);
  expect(decide({ kind: "execute", ...at("/etc") })).toBe(false);
});

test("the answer is the narrowest of the agent's own options, or none", () => {
  const option = (kind: "allow_always" | "allow_once" | "reject_always") => ({
    optionId: `id ${kind}`,
    name: "",
    kind,
  });
  const all = [option("allow_always"), option("allow_once"), option("reject_always")];
  expect(permissionAnswer(all, true).outcome).toEqual({ outcome: "selected", optionId: "id allow_once" });
  expect(permissionAnswer(all, false).outcome).toEqual({ outcome: "selected", optionId: "id reject_always" });
  expect(permissionAnswer(all.slice(2), true).outcome).toEqual({ outcome: "cancelled" });
});
