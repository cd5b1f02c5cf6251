import type { TextEdit } from "#ports";
import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";
import { type ValuePlace, valuePlaces } from "./value-places.ts";

type Edit = TextEdit & { id: number };

/** One text that holds all of the edits; which of them is in force is asked when a function is called. */
export type Schemata = {
  text: string;
  /** The numbers of its functions for each edit that is in the text; the others are outside of any function's body. */
  units: ReadonlyMap<number, readonly number[]>;
  /** The number of the place of each edit that has one. */
  places: ReadonlyMap<number, number>;
  /** Places that the unedited functions ask about, with the edits there. */
  asked: readonly { number: number; edits: readonly number[] }[];
};

/**
 * `switch.edit` is the number of the edit in force, `switch.tick(unit)` is called when a function is entered or a loop goes round;
 * `switch.enter(unit, this, function, arguments)` when an edited function is entered, in a text that is to record it;
 * `switch.same(place, truth, own, others)` gives what `own` gives, and may ask what the `others`, pairs of an edit and a function, would.
 */
export const switchName = "__assay__";

/** Puts edits of JavaScript or TypeScript beside the original bodies of the outermost functions that they are in. */
export function schemataOf(tree: SyntaxTree, edits: readonly Edit[], recording = false): Schemata {
  const bodies = outermostBodies(tree.root);
  const placed = edits.map((edit) => placesOf(edit, bodies));
  const places = recording ? new Map<number, ValuePlace>() : valuePlaces(tree, edits);
  const asked: { number: number; edits: number[] }[] = [];
  const units = new Map(placed.flat().map(({ edit }) => [edit.id, [] as number[]]));
  const pieces: string[] = [];
  let at = 0;
  for (const [unit, body] of bodies.entries()) {
    const inside = placed.flat().filter((place) => place.body === body);
    for (const { edit } of inside) units.get(edit.id)?.push(unit);
    const record = recording && inside.length > 0 ? recorded(tree, body, unit) : "";
    const own = apart(inside.flatMap(({ edit }) => places.get(edit.id) ?? []));
    asked.push(...own.map(({ number, values }) => ({ number, edits: [...values.keys()] })));
    const edited = inside.map(({ edit }) => ({ edit, place: places.get(edit.id) }));
    const text = rendered(tree.source, body, unit, edited, own, record);
    pieces.push(tree.source.slice(at, body.outerStart), text);
    at = body.outerEnd;
  }
  const numbers = [...places].map(([edit, { number }]) => [edit, number] as const);
  return { text: [...pieces, tree.source.slice(at)].join(""), units, places: new Map(numbers), asked };
}

/** Those of which none is in another. */
function apart(places: readonly ValuePlace[]): ValuePlace[] {
  const inOrder = [...new Set(places)].sort((a, b) => a.start - b.start || b.end - a.end);
  let end = -1;
  return inOrder.filter((place) => {
    if (place.start < end) return false;
    end = place.end;
    return true;
  });
}

/** Where an edit stands; one of two places may stand in two functions. None where a part of it is outside of all. */
function placesOf(edit: Edit, bodies: readonly Body[]): { edit: Edit; body: Body }[] {
  const whole = bodies.find((body) => isInside(edit, body));
  if (whole !== undefined) return [{ edit, body: whole }];
  const places = (edit.parts ?? []).flatMap((part) => {
    const body = bodies.find((one) => isInside({ ...part, id: edit.id }, one));
    return body === undefined ? [] : [{ edit: { ...part, id: edit.id }, body }];
  });
  const apart = new Set(places.map(({ body }) => body)).size === places.length;
  return places.length === edit.parts?.length && apart ? places : [];
}

/** Tells what the function is called with, where it can be called again by a name. */
function recorded(tree: SyntaxTree, { owner }: Body, unit: number): string {
  const text = (node: SyntaxNode): string => textOf(tree, node);
  const [name] = parts(owner);
  const enter = (self: string, callee: string, given: string) =>
    `${switchName}.enter(${unit}, ${self}, ${callee}, ${given});`;
  if (owner.kind === "method_definition") {
    const isPlain = name?.kind === "property_identifier" && text(name) !== "constructor";
    const isAccessor = owner.children.some(({ kind }) => kind === "get" || kind === "set" || kind === "*");
    return isPlain && !isAccessor ? enter("this", JSON.stringify(text(name)), "arguments") : "";
  }
  if (owner.shape === "function")
    return name?.shape === "identifier" ? enter("undefined", text(name), "arguments") : "";
  const declared = owner.parent?.shape === "declarator" ? parts(owner.parent)[0] : undefined;
  if (declared?.shape !== "identifier") return "";
  if (owner.kind !== "arrow_function") return enter("undefined", text(declared), "arguments");
  const list = owner.children.find(({ shape }) => shape === "parameters");
  const names =
    list === undefined ? [name] : parts(list).map((one) => (one.shape === "parameter" ? parts(one)[0] : one));
  if (!names.every((one) => one?.shape === "identifier")) return "";
  return enter("undefined", text(declared), `[${names.map((one) => (one ? text(one) : "")).join(", ")}]`);
}

/** What is put in at the edge of an expression would become part of it. */
function isInside({ start, end }: Edit, body: Body): boolean {
  if (body.expression && start === end) return body.start < start && end < body.end;
  return body.start <= start && end <= body.end;
}

type Body = {
  owner: SyntaxNode;
  /** Where an edit may be. */
  start: number;
  end: number;
  /** With the braces, if there are any. */
  outerStart: number;
  outerEnd: number;
  expression: boolean;
  loops: Loop[];
};

/** A loop's body; one that is no block needs braces for what is put into it. */
type Loop = { start: number; end: number; block: boolean };

function outermostBodies(node: SyntaxNode): Body[] {
  if (node.shape === "function" || node.shape === "lambda") {
    const body = node.children.findLast(({ named, shape }) => named && shape !== "comment");
    // A signature without a body is no function that runs; a directive must stay the first statement.
    if (body === undefined || (body.kind !== "statement_block" && node.kind !== "arrow_function")) return [];
    const expression = body.kind !== "statement_block";
    if (!expression && isDirective(parts(body)[0])) return [];
    const inset = expression ? 0 : 1;
    const { start, end } = body;
    return [
      {
        owner: node,
        start: start + inset,
        end: end - inset,
        outerStart: start,
        outerEnd: end,
        expression,
        loops: loopsIn(body),
      },
    ];
  }
  return node.children.flatMap((child) => outermostBodies(child));
}

function isDirective(statement: SyntaxNode | undefined): boolean {
  return statement?.shape === "expression-statement" && statement.children[0]?.shape === "string";
}

const loopShapes: ReadonlySet<string> = new Set(["for", "for-each", "while"]);

function loopsIn(body: SyntaxNode): Loop[] {
  const loops: Loop[] = [];
  for (const node of walk(body)) {
    const isDo = node.kind === "do_statement";
    if (!isDo && !loopShapes.has(node.shape)) continue;
    const inner = isDo ? parts(node)[0] : parts(node).at(-1);
    if (inner !== undefined)
      loops.push({ start: inner.start, end: inner.end, block: inner.kind === "statement_block" });
  }
  return loops;
}

type Edited = { edit: Edit; place: ValuePlace | undefined };

function rendered(
  source: string,
  body: Body,
  unit: number,
  edits: readonly Edited[],
  places: readonly ValuePlace[],
  record: string,
): string {
  const tick = `${switchName}.tick(${unit});`;
  const wrapped = (inner: string): string => (body.expression ? `return (${inner}\n);` : `${inner}\nreturn;`);
  const copies = edits.map(({ edit, place }) => {
    const text = ticking(source, body, tick, [changeOf(edit, place)], edit);
    return `if (${switchName}.edit === ${edit.id}) {${wrapped(text)}}`;
  });
  const asking = places.map((place) => askingAt(source, place));
  return `{${tick}${record}${copies.join("\n")}\n{${wrapped(ticking(source, body, tick, asking))}}}`;
}

type Change = { start: number; end: number; text: string; order: number };

/** The edit, with a question what others at its place would make of it. */
function changeOf(edit: Edit, place: ValuePlace | undefined): Change {
  const own = place?.values.get(edit.id);
  if (place === undefined || own === undefined || place.values.size < 2) {
    return { start: edit.start, end: edit.end, text: edit.text, order: 1 };
  }
  const asked = asking(place, own.text, edit.id);
  // What is a condition stays in its brackets.
  const text = own.text.startsWith("(") ? `(${asked})` : asked;
  return { start: place.start, end: place.end, text: `${own.before}${text}${own.after}`, order: 1 };
}

function askingAt(source: string, place: ValuePlace): Change {
  const { start, end, inserted } = place;
  const own = source.slice(start, end);
  const text = inserted ? `\n;${asking(place, "false")};\n` : asking(place, own);
  return { start, end, text: own.startsWith("(") ? `(${text})` : text, order: 1 };
}

/** Each of a place's edits asks about the next ones only, or their texts would be the square of what they are. */
const askedMax = 16;

function asking({ number, truth, values }: ValuePlace, own: string, except?: number): string {
  const all = [...values];
  const at = all.findIndex(([edit]) => edit === except) + 1;
  const asked = except === undefined ? all : all.slice(at, at + askedMax);
  const others = asked.map(([edit, { text }]) => `[${edit}, () => (${text})]`);
  return `${switchName}.same(${number}, ${truth}, () => (${own}), [${others.join(", ")}])`;
}

/** Whether an edit takes the place of a loop's body, or is put in beside one that has no braces. */
function isAbout(edit: Edit, start: number, end: number, block: boolean): boolean {
  if (edit.start === edit.end) return !block && (edit.start === start || edit.start === end);
  return edit.start < end && start < edit.end && (edit.start <= start || end <= edit.end);
}

/** The body with changes carried out and with what counts its loops, but for loops whose braces the edit is about. */
function ticking(source: string, body: Body, tick: string, made: readonly Change[], edit?: Edit): string {
  const changes = [...made];
  for (const { start, end, block } of body.loops) {
    if (edit !== undefined && isAbout(edit, start, end, block)) continue;
    if (block) changes.push({ start: start + 1, end: start + 1, text: tick, order: 0 });
    else {
      changes.push({ start, end: start, text: `{${tick}`, order: 0 });
      changes.push({ start: end, end, text: "}", order: 2 });
    }
  }
  changes.sort((a, b) => a.start - b.start || a.order - b.order);
  let at = body.start;
  let text = "";
  for (const change of changes) {
    text += source.slice(at, change.start) + change.text;
    at = change.end;
  }
  return text + source.slice(at, body.end);
}
