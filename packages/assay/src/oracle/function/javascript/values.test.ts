import { describe, expect, test } from "vitest";

// It has no types: it runs inside the sandbox as it is.
const { decode } = await import(new URL("./assets/values.mjs", import.meta.url).href);

const nothing = () => {
  throw new Error("no handles here");
};

describe("decoding what a candidate answers", () => {
  const refused: unknown[] = [
    { constructor: [] },
    { __proto__: null, toString: 0 },
    { o: [["a"]] },
    { o: [[1, 2]] },
    { o: [], u: 0 },
    {},
    { f: "1" },
    { i: "0x1" },
    { i: `1${"0".repeat(30_000)}` },
    { sp: [4_000_000_000, []] },
    { sp: [1, [["length", 9]]] },
    { sp: [1, [["5", 1]]] },
    { ta: ["Function", ""] },
    { ta: ["Uint8Array", "zz"] },
    { h: -1 },
  ];
  test.for(refused)("refuses %j", (document) => {
    expect(() => decode(document, nothing)).toThrow();
  });

  test("makes own properties of any name, and pollutes nothing", () => {
    const made = decode({ o: [["__proto__", { o: [["polluted", 1]] }]] }, nothing);
    expect(Object.keys(made)).toEqual(["__proto__"]);
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype);
    expect("polluted" in {}).toBe(false);
  });

  test("refuses what is nested too deeply", () => {
    let document: unknown = 1;
    for (let depth = 0; depth < 300; depth += 1) document = [document];
    expect(() => decode(document, nothing)).toThrow("nested");
  });
});
