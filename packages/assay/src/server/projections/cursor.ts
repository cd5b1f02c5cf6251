import { raise } from "#domain";

/** Where a page ended. Clients take it as it is. */
export function cursorOf(last: string): string {
  return Buffer.from(last, "utf8").toString("base64url");
}

/** Throws `usage` for what is no cursor. */
export function readCursor(cursor: string): string {
  const text = Buffer.from(cursor, "base64url").toString("utf8");
  if (text === "" || cursorOf(text) !== cursor) raise("usage", "the cursor is not one that this list gave");
  return text;
}

/**
 * A page of what is listed, from behind the cursor. The cursor names the last item that was given, not its place: what is added in front
 * meanwhile shifts nothing. An item that is gone since ends the list with a `usage` fault, since nobody can tell where it stood.
 */
export function pageBy<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): { items: T[]; next?: string } {
  const from = cursor === undefined ? 0 : placeBehind(items, nameOf, readCursor(cursor));
  const page = items.slice(from, from + limit);
  const last = page.at(-1);
  return {
    items: page,
    ...(last !== undefined && from + limit < items.length ? { next: cursorOf(nameOf(last)) } : {}),
  };
}

/** The same of what is made as it is asked for; it need not begin before the cursor's item. */
export async function pageOfEach<T>(
  items: AsyncIterable<T>,
  nameOf: (item: T) => string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ items: T[]; next?: string }> {
  const behind = cursor === undefined ? undefined : readCursor(cursor);
  const page: T[] = [];
  let isBehind = behind === undefined;
  for await (const item of items) {
    const last = page.at(-1);
    if (page.length === limit && last !== undefined) return { items: page, next: cursorOf(nameOf(last)) };
    if (isBehind) page.push(item);
    else isBehind = nameOf(item) === behind;
  }
  return isBehind ? { items: page } : refuseGone();
}

function refuseGone(): never {
  raise("usage", "what this cursor stood at is gone", "begin again without a cursor");
}

function placeBehind<T>(items: readonly T[], nameOf: (item: T) => string, name: string): number {
  const index = items.findIndex((item) => nameOf(item) === name);
  return index === -1 ? refuseGone() : index + 1;
}
