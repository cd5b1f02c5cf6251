import type { TestChange } from "@assay/sdk";
import { type SyntaxTree, textOf } from "#syntax";
import { assertionsIn, weakenings } from "./assertions.ts";
import { bindingsOf } from "./bindings.ts";
import { pragmasIn } from "./comparable-source.ts";
import { newMarks } from "./marks.ts";
import { type OtherPart, readTests, type TestSource, type TestUnit } from "./read-tests.ts";
import { structureOf } from "./structure.ts";

const whatMax = 300;

/** What became of the tests of one file that is there on both sides. */
export function compareTestFiles(file: string, beforeTree: SyntaxTree, afterTree: SyntaxTree): TestChange[] {
  const [before, after] = [readTests(beforeTree), readTests(afterTree)];
  const changes: TestChange[] = [];
  const add = (kind: TestChange["kind"], line: number, what: string, test?: TestUnit) => {
    const named = test === undefined || test.several ? {} : { test: test.name };
    changes.push({ kind, file, line, ...named, what: what.slice(0, whatMax) });
  };
  const [was, is] = [byName(before.tests), byName(after.tests)];
  for (const [name, olds] of was) {
    const news = is.get(name) ?? [];
    for (const old of olds.slice(news.length)) add("deleted-test", old.line, `deletes ${name}`, old);
    for (const [index, now] of news.entries()) {
      const old = olds[index];
      // Of two with one name the later one replaces the other in some languages.
      if (old === undefined) add("edited-test", now.line, `defines ${name} once more`, now);
      else compareUnits(before, after, old, now, add);
    }
  }
  for (const [name, [now]] of is) {
    if (now === undefined || was.has(name)) continue;
    add("new-test", now.line, `adds ${name}`, now);
    const marks = newMarks("", textOf(afterTree, now.node)).filter((mark) => /only|^f(?:it|describe)$/.test(mark));
    if (marks.length > 0) add("new-skip", now.line, `${marks[0]} keeps other tests from running`);
  }
  for (const { line, what, skips } of compareOthers(before, after)) add(skips ? "new-skip" : "support", line, what);
  for (const { line, what } of comparePragmas(beforeTree, afterTree)) add("support", line, what);
  return changes;
}

/** What a runner reads in comments holds for the whole file. */
function comparePragmas(before: SyntaxTree, after: SyntaxTree): { line: number; what: string }[] {
  const [was, is] = [pragmasIn(before), pragmasIn(after)];
  const [had, has] = [was, is].map((comments) => new Set(comments.map(({ text }) => text)));
  return [
    ...is
      .filter(({ text }) => !had?.has(text))
      .map(({ line, text }) => ({ line, what: `adds \`${firstLine(text)}\`` })),
    ...was
      .filter(({ text }) => !has?.has(text))
      .map(({ line, text }) => ({ line, what: `takes away \`${firstLine(text)}\`` })),
  ];
}

type Add = (kind: TestChange["kind"], line: number, what: string, test?: TestUnit) => void;

function compareUnits(before: TestSource, after: TestSource, old: TestUnit, now: TestUnit, add: Add): void {
  if (structureOf(before.tree, old.node) === structureOf(after.tree, now.node)) return;
  const marks = newMarks(textOf(before.tree, old.node), textOf(after.tree, now.node));
  if (marks.length > 0) add("new-skip", now.line, `${now.name} now has ${marks.join(", ")}`, now);
  const weaker = weakenings(assertionsIn(before.tree, old.node), assertionsIn(after.tree, now.node));
  for (const { line, what } of weaker) add("weakened-assertion", line, `${now.name} ${what}`, now);
  if (marks.length + weaker.length === 0) add("edited-test", now.line, `edits ${now.name}`, now);
}

function byName(tests: readonly TestUnit[]): Map<string, TestUnit[]> {
  const named = new Map<string, TestUnit[]>();
  for (const test of tests) named.set(test.name, [...(named.get(test.name) ?? []), test]);
  return named;
}

/** Imports and definitions that no earlier test can mean are part of new tests; everything else is not. */
function compareOthers(before: TestSource, after: TestSource): { line: number; what: string; skips: boolean }[] {
  const used = new Set(before.tree.source.match(/[A-Za-z_$][\w$]*/g) ?? []);
  const groups = new Set(["", ...before.others.map(({ group }) => group)]);
  const imports = (source: TestSource) =>
    new Set(
      source.others.flatMap(({ node }) => {
        const bound = bindingsOf(source.tree, node);
        return bound.kind === "imports" ? bound.imports : [];
      }),
    );
  const [hadImports, hasImports] = [imports(before), imports(after)];
  const key = ({ tree }: TestSource, { group, node }: OtherPart) => `${group}\n${structureOf(tree, node)}`;
  const had = new Set(before.others.map((part) => key(before, part)));
  const has = new Set(after.others.map((part) => key(after, part)));
  const come = after.others
    .filter((part) => !had.has(key(after, part)))
    .flatMap((part) => {
      const { tree } = after;
      const bound = bindingsOf(tree, part.node);
      // A group that was not there has nothing in it that was.
      if (!groups.has(part.group)) return [];
      const text = textOf(tree, part.node);
      if (structureOf(tree, part.node) === "") return [];
      if (bound.kind === "imports") {
        const news = bound.names.filter((_, index) => !hadImports.has(bound.imports[index] ?? ""));
        if (news.every((name) => !used.has(name))) return [];
      }
      if (bound.kind === "definition" && bound.names.every((name) => !used.has(name))) return [];
      return [
        {
          line: part.line,
          what: `changes what tests use: \`${firstLine(text)}\``,
          skips: newMarks("", text).length > 0,
        },
      ];
    });
  const gone = before.others
    .filter((part) => !has.has(key(before, part)))
    .flatMap((part) => {
      const bound = bindingsOf(before.tree, part.node);
      if (structureOf(before.tree, part.node) === "") return [];
      if (bound.kind === "imports" && bound.imports.every((one) => hasImports.has(one))) return [];
      return [{ line: part.line, what: `takes away \`${firstLine(textOf(before.tree, part.node))}\``, skips: false }];
    });
  return [...come, ...gone];
}

function firstLine(text: string): string {
  const [line = ""] = text.trim().split("\n", 1);
  return line.replaceAll("`", "'").slice(0, 120);
}
