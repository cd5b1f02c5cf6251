import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWellFormed, languageOf } from "#syntax";
import { makeControls } from "./make-controls.ts";

const pytest = (body: string) => `def test_it(xs):\n${body.replace(/^/gm, "    ")}\n`;
const nodeTest = (body: string) => `test("it", async (t) => {\n${body}\n});\n`;

/** What was altered in each control, and the source without what is the same in each copy. */
function controlsOf(path: string, source: string, seed = 1) {
  const made = makeControls(path, source, seed);
  return made.copies.flatMap(({ role }) => (role.kind === "control" ? role.altered.map(({ says }) => says) : []));
}
const python = (body: string) => controlsOf("test_a.py", pytest(body));
const javascript = (body: string) => controlsOf("a.test.mjs", nodeTest(body));
const rewritten = (path: string, source: string) => makeControls(path, source, 1).source ?? "";

describe("controls of Python tests", () => {
  test("expect other values of the same look", () => {
    for (const says of python("assert f(2) == 4")) expect(says).toMatch(/^expected value 4 → [0-35-9]$/);
    expect(new Set(python("assert f(2) == 4")).size).toBe(3);
    expect(python('assert 0.05 == approx(f(1)), "m"')[0]).toMatch(/^expected value 0\.05 → 0\.0[1-46-9]$/);
    expect(python('assert f() == {"k": ["ab"]}')[0]).toMatch(/^expected value "ab" → "([a-z]b|a[a-z])"$/);
    expect(python("assert f() is True")).toEqual(["expected value True → False"]);
    expect(python("assert f() == Decimal('1.10')")[0]).toMatch(/'\d\.\d\d'$/);
    expect(python("self.assertEqual(f(), 42)")[0]).toMatch(/^expected value 42 → [1-35-9]2$/);
    expect(python("np.testing.assert_allclose(f(), [1.5])")[0]).toMatch(/^expected value 1\.5 → \d\.5$/);
  });

  test("expect another exception, never one of the same kind", () => {
    for (let seed = 0; seed < 20; seed += 1) {
      const source = pytest("with pytest.raises(LookupError, match='x'):\n    f()");
      for (const says of controlsOf("test_a.py", source, seed)) expect(says).not.toMatch(/→ (KeyError|IndexError)/);
    }
    expect(python("self.assertRaises(Own, f, 1)")).toEqual(["expected exception Own → ZeroDivisionError"]);
    expect(python("with pytest.raises(Exception):\n    f()\n    assert False")).toHaveLength(1);
  });

  test.each([
    ["assert is_prime(7)", "assert not is_prime(7)"],
    ["assert not f(x), 'm'", "assert f(x), 'm'"],
    ["assert f(x) < y", "assert f(x) >= y"],
    ["assert a in b", "assert a not in b"],
    ["assert a is not None", "assert a is None"],
    ["assert a and b", "assert not (a and b)"],
    ["assert 1 < a < 3", "assert not (1 < a < 3)"],
    ["self.assertTrue(f())", "self.assertFalse(f())"],
    ["self.assertIsNone(f())", "self.assertIsNotNone(f())"],
    ["assert f(a) == b", "assert f(a) != b"],
  ])("say the opposite of `%s`", (assertion, opposite) => {
    const source = rewritten("test_a.py", pytest(assertion));
    expect(source.split("\n").map((line) => line.trim())).toEqual(expect.arrayContaining([assertion, opposite]));
  });

  test("expect of a computed value what nothing equals, not even what equals everything", () => {
    expect(rewritten("test_a.py", pytest("assert f(a) == g(b)"))).toContain("assert f(a) == [g(b), g(b)]");
    expect(rewritten("test_a.py", pytest("self.assertEqual(f(a), b)"))).toContain("self.assertEqual(f(a), [b, b])");
    expect(rewritten("test_a.py", pytest("assert 'a' in f()"))).toMatch(/assert '[a-z]{9}' in f\(\)/);
    expect(rewritten("a.test.mjs", nodeTest("expect(f(a)).toEqual(b);"))).toContain("toEqual([b, b])");
    expect(rewritten("a.test.mjs", nodeTest("assert.deepEqual(f(a), b);"))).toContain("assert.deepEqual(f(a), [b, b])");
    expect(rewritten("a.test.mjs", nodeTest("expect(f()).toContain(7);"))).toMatch(/toContain\(\d{9}\)/);
  });

  test("alter what a loop compares with, and leave what is in branches", () => {
    expect(python("for a, b in [(1, 22), (3, 44)]:\n    assert f(a) == b")[0]).toMatch(/^expected value (22|44) → /);
    expect(python("if x:\n    assert f(1) == 2")).toEqual([]);
    expect(python("try:\n    assert f(1) == 2\nexcept AssertionError:\n    pass")).toEqual([]);
    expect(python("try:\n    assert f(1) == 2\nfinally:\n    pass")).toHaveLength(3);
  });

  test("combine two assertions in all ways, so that no majority shows the original", () => {
    const source = rewritten("test_a.py", pytest("assert f(1) == 2\nassert f(3) is True"));
    const pairs = [...source.matchAll(/f\(1\) == (\d)\n {4}assert f\(3\) is (\w+)/g)].map(([, a, b]) => `${a} ${b}`);
    expect(new Set(pairs).size).toBe(4);
    expect(new Set(pairs.map((pair) => pair[0])).size).toBe(2);
  });

  test("are not made where a test depends on its name, is expected to fail, or asserts nothing that can be altered", () => {
    const why = (source: string) => makeControls("test_a.py", source, 1).left.map((left) => left.why);
    expect(why("def test_a():\n    assert f()\n\ndef test_b():\n    test_a()\n")).toEqual([
      "it is used by its name elsewhere in the file",
      "it has no assertion that can be altered",
    ]);
    expect(why("@pytest.mark.xfail\ndef test_a():\n    assert f()\n")).toEqual(["it is expected to fail"]);
    expect(why("def test_a():\n    assert f()\ndef test_a():\n    assert g()\n")).toHaveLength(2);
    expect(why("def test_a(:\n")).toEqual(["the file is syntax-error"]);
  });

  test("keep decorators, methods, what surrounds them and the order of everything else", () => {
    const source = rewritten(
      "test_a.py",
      "X = 1\n\nclass TestA:\n    y = 2\n\n    @mark(1)\n    async def test_a(self):\n        assert f() == 3\n\n    z = 4\n",
    );
    expect(source).toMatch(
      /^X = 1\n\nclass TestA:\n {4}y = 2\n\n {4}@mark\(1\)\n {4}async def test_[0-9a-f]{12}\(self\)/,
    );
    expect(source.match(/ {4}@mark\(1\)\n {4}async def test_/g)).toHaveLength(4);
    expect(source).toMatch(/\n\n {4}z = 4\n$/);
  });
});

describe("controls of JavaScript tests", () => {
  test.each([
    ["assert.ok(f(1));", "assert.ok(!f(1));"],
    ["assert(!f(1));", "assert(f(1));"],
    ["assert.equal(f(1), g);", "assert.notEqual(f(1), g);"],
    ["assert.throws(() => f(0), RangeError);", "assert.doesNotThrow(() => f(0), RangeError);"],
    ["await assert.rejects(f(0));", "await assert.doesNotReject(f(0));"],
    ["expect(f(1)).toBeTruthy();", "expect(f(1)).not.toBeTruthy();"],
    ["await expect(f()).resolves.toBe(g);", "await expect(f()).resolves.not.toBe(g);"],
    ["expect(f(1)).not.toBe(3);", "expect(f(1)).toBe(3);"],
    ["expect(f(1)).to.be.true;", "expect(f(1)).not.to.be.true;"],
    ["assert(f(1) > 2);", "assert(f(1) <= 2);"],
  ])("say the opposite of `%s`", (assertion, opposite) => {
    const source = rewritten("a.test.mjs", nodeTest(assertion));
    expect(source.split("\n")).toEqual(expect.arrayContaining([assertion, opposite]));
  });

  test("expect other values of the same look", () => {
    expect(javascript("expect(f(1)).toEqual({ a: [21] });")[0]).toMatch(/^expected value 21 → [13-9]1$/);
    expect(javascript('assert.strictEqual(f(1), "ab");')[0]).toMatch(/^expected value "ab" → /);
    expect(javascript("assert.ok(f(1) === 4);")[0]).toMatch(/^expected value 4 → /);
    expect(javascript("strictEqual(f(1), -5);")[0]).toMatch(/^expected value 5 → /);
    expect(javascript("expect(f(1)).toMatchSnapshot();")).toEqual([]);
  });

  test("make each subtest fail by itself", () => {
    const made = makeControls(
      "a.test.mjs",
      nodeTest('await t.test("one", () => { assert.equal(f(1), 2); });\nawait t.test("two", () => { assert(f(2)); });'),
      1,
    );
    const roles = made.copies.flatMap(({ role }) =>
      role.kind === "control" ? [role.altered.map(({ path }) => path)] : [],
    );
    expect(roles).toEqual([[[], ["one"], ["two"]]]);
  });

  test("are not made where a subtest's name is not known", () => {
    const made = (body: string) => makeControls("a.test.mjs", nodeTest(body), 1).left.map(({ why }) => why);
    expect(made('for (const n of [1]) await t.test("n" + n, () => { assert(f(n)); });')).toEqual([
      "its subtests are made as it runs",
    ]);
    expect(made("assert(/a/.test(f()));")).toEqual([]);
  });

  test("put a copy where one statement stood into a block with it", () => {
    const source = rewritten("a.test.ts", 'for (const n of [1]) test("x" + n, () => { expect(f(n)).toBe(n); });\n');
    expect(source).toMatch(/^for \(const n of \[1\]\) \{ test\("k[0-9a-f]{12} " \+ \("x" \+ n\), /);
  });
});

test("copies parse, have names that tell nothing, and are the same for the same seed", () => {
  const statements = {
    "test_a.py": [
      "assert f(1) == 2",
      "assert f('x')",
      "self.assertEqual(f(1), [1.5])",
      "x = 1",
      "assert a not in b, c",
    ],
    "a.test.tsx": ["expect(f(1)).toBe(2);", "assert(a === b);", "const x = 1;", "expect(p).not.toEqual([1]);"],
  };
  fc.assert(
    fc.property(
      fc.constantFrom(...(Object.keys(statements) as (keyof typeof statements)[])),
      fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
      fc.nat(),
      (path, tests, seed) => {
        const some = statements[path];
        const source = tests
          .map((numbers, index) => {
            const body = numbers.map((number) => some[number % some.length] ?? "").join("\n");
            return (path.endsWith(".py") ? pytest(body) : nodeTest(body)).replace("it", `it${index}`);
          })
          .join("\n");
        const made = makeControls(path, source, seed);
        expect(makeControls(path, source, seed)).toEqual(made);
        if (made.source === undefined) return;
        const language = languageOf(path);
        expect(language !== undefined && isWellFormed(language, made.source)).toBe(true);
        for (const { written } of made.copies) expect(written).toMatch(/^(?:test_|k)[0-9a-f]{12} ?$/);
        expect(new Set(made.copies.map(({ written }) => written)).size).toBe(made.copies.length);
      },
    ),
  );
});
