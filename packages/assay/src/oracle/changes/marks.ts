const everywhere = [
  /\bpytest\.mark\.(?:skip|skipif|xfail)\b/g,
  /\bunittest\.(?:skip|skipIf|skipUnless|expectedFailure)\b/g,
  /@(?:skip|skipIf|skipUnless|expectedFailure|xfail)\b/g,
  /\bpytest\.(?:skip|xfail|importorskip)\s*\(/g,
  /\b(?:self\.skipTest|SkipTest)\b/g,
  /\b(?:test|it|describe|suite|context|specify)(?:\.\w+)*\.(?:skip|only|todo|fails|failing|skipIf|runIf)\b/g,
  /\b(?:xit|xtest|xdescribe|fit|fdescribe)\b/g,
  /\b(?:skip|only|todo)\s*:\s*(?!false\b)/g,
  /\b(?:t|ctx|context)\.(?:skip|todo)\s*\(/g,
  /\bcollect_ignore(?:_glob)?\b/g,
];

/** What in a piece of test code keeps tests from being run, or from counting: skip, only, xfail, todo and their like. */
export function marksIn(text: string): string[] {
  return everywhere
    .flatMap((pattern) => [...text.matchAll(pattern)].map(([mark]) => mark.replace(/\s*[(:]\s*$/, "")))
    .sort();
}

/** Marks of `after` that `before` has not, or has less often. */
export function newMarks(before: string, after: string): string[] {
  const left = marksIn(before);
  return marksIn(after).filter((mark) => {
    const at = left.indexOf(mark);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}
