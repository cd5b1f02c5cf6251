import { expect, test } from "vitest";
import { FailureRow } from "./failure-row.ts";

let now = 0;
const row = () => new FailureRow(() => now);

test("a stream that breaks off as soon as it has opened does not end the row", () => {
  const failures = row();
  const counts = [1, 2, 3].map(() => {
    failures.heard();
    return failures.failed();
  });
  expect(counts).toEqual([1, 2, 3]);
});

test("a stream that has lasted ends the row", () => {
  const failures = row();
  failures.failed();
  failures.failed();
  failures.heard();
  now += 5_000;
  failures.heard();
  now += 5_000;
  expect(failures.failed()).toBe(1);
});

test("a call that was never answered does not end the row, however long it took", () => {
  const failures = row();
  failures.failed();
  now += 60_000;
  expect(failures.failed()).toBe(2);
});

test("what was done ends the row at once", () => {
  const failures = row();
  failures.failed();
  failures.heard();
  failures.succeeded();
  expect(failures.failed()).toBe(1);
});
