import type { Seeded } from "./seeded.ts";
import { alterationsMax } from "./test-unit.ts";

const classes = ["abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789"] as const;
const opposites: Readonly<Record<string, string>> = { True: "False", False: "True", true: "false", false: "true" };

/**
 * Other literals of the same look: the same length, one character replaced by one of its class, so that of two of them nobody
 * can say which was there first. Of a number the first digit that counts is replaced, so that no tolerance covers it.
 */
export function alterLiteral(text: string, random: Seeded): string[] {
  const opposite = opposites[text];
  if (opposite !== undefined) return [opposite];
  const place = /^\d|^\.\d/.test(text) ? digitThatCounts(text) : placeInString(text, random);
  if (place === undefined) return [];
  if (place.kind === "end") return [`${text.slice(0, place.at)}x${text.slice(place.at)}`];
  const { at, choices } = place;
  const others = [...choices].filter((character) => character !== text[at]);
  return random
    .shuffled(others)
    .slice(0, alterationsMax)
    .map((character) => text.slice(0, at) + character + text.slice(at + 1));
}

type Place = { kind: "character"; at: number; choices: string } | { kind: "end"; at: number };

function digitThatCounts(text: string): Place | undefined {
  if (/^0[xob]/i.test(text)) return undefined;
  // A single digit may become any; a longer number must not begin with a zero.
  if (/^\d$/.test(text)) return { kind: "character", at: 0, choices: classes[2] };
  const first = text.search(/[1-9]/);
  const exponent = text.search(/e/i);
  const at = first === -1 || (exponent !== -1 && first > exponent) ? text.search(/\d/) : first;
  return { kind: "character", at, choices: "123456789" };
}

function placeInString(text: string, random: Seeded): Place | undefined {
  const match = /^([a-zA-Z]*)('''|"""|'|"|`)/.exec(text);
  const [opening = "", prefix = "", quote = ""] = match ?? [];
  if (match === null || /f|t/i.test(prefix) || (quote === "`" && text.includes("${"))) return undefined;
  const from = opening.length;
  const to = text.length - quote.length;
  // What follows a backslash may belong to it.
  const backslash = text.indexOf("\\", from);
  const end = backslash === -1 ? to : backslash;
  const places = Array.from({ length: end - from }, (_, index) => from + index).flatMap((at) => {
    const choices = classes.find((characters) => characters.includes(text[at] ?? ""));
    return choices === undefined ? [] : [{ kind: "character" as const, at, choices }];
  });
  return random.pick(places) ?? { kind: "end", at: to };
}
