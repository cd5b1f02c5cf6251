import { type TestContext, test } from "vitest";

export const representative = process.env.ASSAY_TEST_DEPTH === "representative";

/** `npm test` takes one in `step`; a project by itself, and `npm run test:whole`, take all. */
export function atDepth<T>(all: readonly T[], step: number): readonly T[] {
  return representative ? all.filter((_, index) => index % step === 0) : all;
}

/** A test of many seconds beside others that `npm test` takes: it takes those that trust rests on. */
export function thorough(title: string, run: (context: TestContext) => Promise<void>, wallMsMax?: number): void {
  if (!representative) test(title, run, wallMsMax);
}
