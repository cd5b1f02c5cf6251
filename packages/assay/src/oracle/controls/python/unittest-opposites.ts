const pairs = [
  ["assertEqual", "assertNotEqual"],
  ["assertTrue", "assertFalse"],
  ["assertIn", "assertNotIn"],
  ["assertIs", "assertIsNot"],
  ["assertIsNone", "assertIsNotNone"],
  ["assertIsInstance", "assertNotIsInstance"],
  ["assertGreater", "assertLessEqual"],
  ["assertGreaterEqual", "assertLess"],
  ["assertAlmostEqual", "assertNotAlmostEqual"],
  ["assertRegex", "assertNotRegex"],
] as const;

/** Methods of `unittest.TestCase` of which exactly one passes, whatever the arguments. */
export const unittestOpposites: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    pairs.flatMap(([one, other]) => [
      [one, other],
      [other, one],
    ]),
  ),
  assertListEqual: "assertNotEqual",
  assertDictEqual: "assertNotEqual",
  assertTupleEqual: "assertNotEqual",
  assertSetEqual: "assertNotEqual",
  assertMultiLineEqual: "assertNotEqual",
  assertSequenceEqual: "assertNotEqual",
};
