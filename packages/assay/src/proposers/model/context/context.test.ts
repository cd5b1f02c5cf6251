import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cutMiddle, shorterForms } from "./cut-lines.ts";
import { estimateTokens } from "./estimate-tokens.ts";
import { fence } from "./fence.ts";
import { fitSections } from "./fit-sections.ts";
import { redactLines } from "./redact.ts";
import { reveal } from "./reveal.ts";
import { formOf, type Section } from "./section.ts";
import { numbered, shownText } from "./shown-text.ts";

describe("a fence", () => {
  test("ends once only, whatever it holds", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string({ unit: fc.constantFrom("<", "/", "data-", ">", "0", "a", "\n") }),
        (title, text) => {
          const fenced = fence(title, text);
          const mark = /^<data-([0-9a-f]{10}) /.exec(fenced)?.[1] ?? "none";
          expect(fenced.split(mark)).toHaveLength(3);
          expect(fenced.endsWith(`\n</data-${mark}>`)).toBe(true);
        },
      ),
    );
  });

  test("has another mark for another text, also one that has the mark of the first", () => {
    const first = fence("a", "x");
    expect(fence("a", "x")).toBe(first);
    expect(fence("a", first).slice(0, 20)).not.toBe(first.slice(0, 20));
  });
});

describe("fitting", () => {
  const section = (name: string, priority: number, required: boolean, sizes: readonly number[]): Section => ({
    name,
    priority,
    required,
    forms: sizes.map((size) => formOf(["x".repeat(size * 3)])),
  });
  const sizesOf = (sections: readonly Section[], tokensMax: number) => {
    const fitted = fitSections(sections, tokensMax);
    return fitted.kind === "fits"
      ? fitted.chosen.map((form) => (form === undefined ? 0 : estimateTokens(form.text)))
      : fitted;
  };

  test("gives every section a word before the first gets its fullest form", () => {
    const sections = [section("a", 0, true, [90, 40, 10]), section("b", 1, false, [50, 20])];
    expect(sizesOf(sections, 200)).toEqual([90, 50]);
    expect(sizesOf(sections, 70)).toEqual([40, 20]);
    expect(sizesOf(sections, 29)).toEqual([10, 0]);
  });

  test("says what is needed when not even the required fit", () => {
    expect(sizesOf([section("a", 0, true, [90, 40]), section("b", 1, true, [50, 20])], 59)).toEqual({
      kind: "too-small",
      tokensMin: 60,
    });
  });

  test("never takes more than there is, and never less when there is more", () => {
    const forms = fc
      .array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 4 })
      .map((sizes) => sizes.sort((a, b) => b - a));
    const sections = fc.array(
      fc
        .tuple(fc.nat(5), fc.boolean(), forms)
        .map(([priority, required, sizes]) => section("s", priority, required, sizes)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(sections, fc.nat(300), (all, tokensMax) => {
        const sizes = sizesOf(all, tokensMax);
        if (!Array.isArray(sizes)) return;
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(tokensMax);
        all.forEach(({ required }, index) => {
          if (required) expect(sizes[index]).toBeGreaterThan(0);
        });
      }),
    );
  });
});

describe("secrets", () => {
  test.each([
    'PASSWORD = b"hunter22"',
    "password = r'hunter22'",
    'TOKEN: "str" = "hunter22"',
    'os.environ.get("DB_PASSWORD", "hunter22")',
    '{"Authorization": "Bearer abcdef123"}',
    'pwd = "hunter22"',
    'CLIENT_SECRET = "a b c d e"',
    `aws = "${"AKIA"}${"ABCD".repeat(4)}"`,
    `token: ghp_${"a1B2".repeat(9)}`,
    `key = "sk-ant-${"a1B2".repeat(9)}"`,
    "password = 'correct-horse'",
    `"apiKey": "0123456789",`,
    "export SERVICE_TOKEN=abc123def456",
    "url = postgres://user:hunter2@db/prod",
  ])("are left out: %s", (line) => {
    expect(redactLines([`  ${line}`])).toEqual(["  [redacted]"]);
  });

  test.each([
    "password = read_password()",
    'password = "<your password>"',
    "def token(self): return self._token",
    'if token == "identifier":',
    "TOKEN = tokenize(source)",
    "https://example.org:8080/path",
    "task-force-of-a-hundred-people-and-more",
  ])("are told from what is none: %s", (line) => {
    expect(redactLines([line])).toEqual([line]);
  });

  test("a private key is left out from its first line to its last", () => {
    const lines = ["a", "-----BEGIN RSA PRIVATE KEY-----", "MIIE", "", "-----END RSA PRIVATE KEY-----", "b"];
    expect(redactLines(lines)).toEqual(["a", "[redacted]", "[redacted]", "[redacted]", "[redacted]", "b"]);
  });

  test("of tests are only what is a credential by its own look", () => {
    expect(redactLines(["login(password='correct-horse')"], false)).toEqual(["login(password='correct-horse')"]);
  });
});

describe("shown text", () => {
  test("names what cannot be seen, and knows that it is not faithful then", () => {
    expect(reveal("a\u202eb\tc\u0000\ud800")).toBe("a⟦U+202E⟧b\tc⟦U+0000⟧⟦U+D800⟧");
    expect(shownText("a\r\nb\r\n")).toEqual({ lines: ["a", "b"], faithful: true });
    expect(shownText("a\rb").faithful).toBe(false);
    expect(shownText("x".repeat(5_000)).faithful).toBe(false);
  });

  test("has line numbers of one width", () => {
    const lines = Array.from({ length: 12 }, (_, index) => `l${index + 1}`);
    expect(numbered({ lines }, 9, 10)).toEqual([" 9| l9", "10| l10"]);
  });

  test("is cut in the middle, and says how much", () => {
    const lines = Array.from({ length: 30 }, (_, index) => String(index));
    expect(cutMiddle(lines, 3)).toEqual(["0", "1", "… 27 lines left out", "29"]);
    expect(shorterForms(lines).map(({ length }) => length)).toEqual([30, 16, 8]);
  });
});
