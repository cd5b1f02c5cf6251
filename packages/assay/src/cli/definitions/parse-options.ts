import { InvalidArgumentError } from "commander";

export function parseSeconds(text: string): number {
  return number(text, { above: 0, most: 7 * 24 * 3600, what: "a number of seconds between 0 and 604800" });
}

export function parseUsd(text: string): number {
  return number(text, { least: 0, most: 100_000, what: "a sum of US dollars between 0 and 100000" });
}

export function parsePercent(text: string): number {
  return number(text, { least: 0, most: 100, what: "a number between 0 and 100" });
}

export function parseTemperature(text: string): number {
  return number(text, { least: 0, most: 2, what: "a number between 0 and 2" });
}

/** Neither end of the range. */
export function parseFraction(text: string): number {
  return number(text, { above: 0, below: 1, what: "a number between 0 and 1" });
}

export function parseSeed(text: string): number {
  return wholeNumber(text, 0, 2 ** 48, "a whole number between 0 and 2⁴⁸");
}

export function parseLimit(text: string): number {
  return wholeNumber(text, 0, 5000, "a whole number between 0 and 5000");
}

export function parseCount(text: string): number {
  return wholeNumber(text, 1, 1_000_000, "a whole number between 1 and 1000000");
}

export function parsePort(text: string): number {
  return wholeNumber(text, 0, 65_535, "a port between 0 and 65535");
}

/** Of tokens and requests. */
export function parseAmount(text: string): number {
  return wholeNumber(text, 1, 1e12, "a whole number from 1");
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** `30d`, `12h`, `90m`, `2w`; in milliseconds. */
export function parseAge(text: string): number {
  const { count, unit } = /^(?<count>\d{1,5})(?<unit>[mhdw])$/.exec(text)?.groups ?? {};
  if (count === undefined || unit === undefined) {
    throw new InvalidArgumentError(
      "It is not a number with a unit: minutes (90m), hours (12h), days (30d) or weeks (2w).",
    );
  }
  return Number(count) * unitMs[unit as keyof typeof unitMs];
}

/** How many of something stay; none is allowed. */
export function parseKept(text: string): number {
  return wholeNumber(text, 0, 1_000_000, "a whole number between 0 and 1000000");
}

type Range = { least?: number; above?: number; most?: number; below?: number; what: string };

function wholeNumber(text: string, least: number, most: number, what: string): number {
  const value = number(text, { least, most, what });
  if (!Number.isInteger(value)) throw new InvalidArgumentError(`It is not ${what}.`);
  return value;
}

function number(text: string, { least, above, most, below, what }: Range): number {
  const value = Number(text);
  const infinity = Number.POSITIVE_INFINITY;
  const inRange =
    value >= (least ?? -infinity) &&
    value > (above ?? -infinity) &&
    value <= (most ?? infinity) &&
    value < (below ?? infinity);
  if (text.trim() === "" || !Number.isFinite(value) || !inRange) throw new InvalidArgumentError(`It is not ${what}.`);
  return value;
}

/** For options that may be given several times. */
export function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}
