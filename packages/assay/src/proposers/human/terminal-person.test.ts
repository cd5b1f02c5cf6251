import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { TerminalPerson } from "./terminal-person.ts";

function terminal() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const asked: string[] = [];
  const person = new TerminalPerson({ input, output, onAsk: () => asked.push("asked") });
  return { input, person, asked, shown: () => output.read()?.toString() ?? "" };
}

test("a diff is taken up to the line that is a dot", async () => {
  const { input, person, asked, shown } = terminal();
  input.write("\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+b\n.\nmore\n");
  expect(await person.ask("why?")).toEqual({ kind: "text", text: "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-a\n+b" });
  expect(asked).toEqual(["asked"]);
  expect(shown()).toContain("why?");
});

test.each(["skip", "opinion it rounds down", "file answer.md", "give up"])("%s needs no dot", async (line) => {
  const { input, person } = terminal();
  input.write(`${line}\n`);
  expect(await person.ask("?")).toEqual({ kind: "text", text: line });
});

test("what is shown is stripped of what draws on the screen", async () => {
  const { input, person, shown } = terminal();
  input.write("skip\n");
  await person.ask("red \u001b[31mtest\u202e");
  expect(shown()).toContain("red [31mtest");
});

test("who ends the input has left, and Ctrl-C interrupts", async () => {
  const { input, person } = terminal();
  input.end("--- a/a\n");
  expect(await person.ask("?")).toEqual({ kind: "left" });
  const controller = new AbortController();
  const asking = terminal().person.ask("?", controller.signal);
  controller.abort();
  await expect(asking).rejects.toMatchObject({ fault: { code: "interrupted" } });
});
