import { describe, expect, test } from "vitest";
import { style } from "./style.ts";

type Colours = Record<string, string>;

const rootBlocks = [...style.matchAll(/:root\{([^}]*)\}/g)].map((match) => match[1] ?? "");
const coloursIn = (block = ""): Colours =>
  Object.fromEntries([...block.matchAll(/--([a-z-]+):(#[0-9a-f]{3,6})/g)].map(([, name, hex]) => [name, hex]));
const light = coloursIn(rootBlocks[0]);
const dark = { ...light, ...coloursIn(rootBlocks[1]) };
const print = { ...light, ...coloursIn(rootBlocks[2]) };

/** Contrast ratio by WCAG 2.2. */
function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

function luminance(hex: string): number {
  const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, "$&$&") : hex;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("the style sheet", () => {
  test.each([
    ["light", light],
    ["dark", dark],
    ["print", print],
  ])("keeps %s text readable on every ground it stands on", (_scheme, colours) => {
    const grounds = {
      ink: ["page", "paper", "well", "good-tint", "bad-tint", "warn-tint", "calm-tint", "good-mark", "bad-mark"],
    };
    const pairs = [
      ...grounds.ink.map((ground) => ["ink", ground]),
      ...["page", "paper", "well", "calm-tint", "good-tint", "bad-tint"].map((ground) => ["soft", ground]),
      ...["good", "bad", "warn", "calm"].flatMap((tone) => [
        [tone, `${tone}-tint`],
        [tone, "paper"],
      ]),
    ];
    for (const [text = "", ground = ""] of pairs) {
      expect(contrast(colours[text] ?? "", colours[ground] ?? ""), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  test("names only colours that are defined", () => {
    const used = new Set([...style.matchAll(/var\(--([a-z-]+)\)/g)].map((match) => match[1] ?? ""));
    for (const name of ["tone", "tint", "mono", "sans"]) used.delete(name);
    for (const name of used) expect(light, name).toHaveProperty(name);
  });
});
