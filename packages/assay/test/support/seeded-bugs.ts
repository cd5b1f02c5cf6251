import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Each project below `test/fixtures/seeded` is green as it is. */
export const seededProjects = ["room-bookings", "text-templates", "warehouse", "job-queue", "spreadsheet"] as const;

/** A bug that a person could make; `find` stands once in the file. */
export type SeededBug = {
  kind: string;
  project: (typeof seededProjects)[number];
  file: string;
  find: string;
  replace: string;
};

/** Chosen by kind, one of each, and never by what the search finds. */
export const seededBugs: readonly SeededBug[] = [
  {
    kind: "wrong comparison",
    project: "room-bookings",
    file: "src/bookings/times.py",
    find: "self.start < other.end",
    replace: "self.start <= other.end",
  },
  {
    kind: "min for max",
    project: "room-bookings",
    file: "src/bookings/times.py",
    find: "max(last.end, slot.end)",
    replace: "min(last.end, slot.end)",
  },
  {
    kind: "wrong default",
    project: "room-bookings",
    file: "src/bookings/finder.py",
    find: "day, minutes=30)",
    replace: "day, minutes=60)",
  },
  {
    kind: "wrong attribute",
    project: "room-bookings",
    file: "src/bookings/summary.py",
    find: "minutes[booking.owner]",
    replace: "minutes[booking.room]",
  },
  {
    kind: "off by one in a slice",
    project: "text-templates",
    file: "src/templates/filters.py",
    find: "value[: length - 1]",
    replace: "value[:length]",
  },
  {
    kind: "missing statement",
    project: "text-templates",
    file: "src/templates/lexer.py",
    find: '        line += inner.count("\\n")\n',
    replace: "",
  },
  {
    kind: "statement in the wrong block",
    project: "text-templates",
    file: "src/templates/filters.py",
    find: "(character, entity)\n    return value",
    replace: "(character, entity)\n        return value",
  },
  {
    kind: "missing early return",
    project: "text-templates",
    file: "src/templates/nodes.py",
    find: "        if not items:\n            return self.otherwise.render(scope)\n",
    replace: "",
  },
  {
    kind: "wrong dictionary method",
    project: "warehouse",
    file: "src/warehouse/stock.py",
    find: "self._bins.setdefault(sku, {})",
    replace: "self._bins.get(sku, {})",
  },
  {
    kind: "missing guard",
    project: "warehouse",
    file: "src/warehouse/stock.py",
    find: "        if self.total(sku) < count:\n            raise OutOfStock(sku)\n",
    replace: "",
  },
  {
    kind: "wrong variable of the same type",
    project: "warehouse",
    file: "src/warehouse/replenish.py",
    find: "maxlen=self._memory",
    replace: "maxlen=self._pack",
  },
  {
    kind: "two places",
    project: "warehouse",
    file: "src/warehouse/audit.py",
    find: "self.balance(sku) + count\n\n    def _on_pick(self, sku, count, left):\n        self._balance[sku] = self.balance(sku) - count",
    replace:
      "self.balance(sku) - count\n\n    def _on_pick(self, sku, count, left):\n        self._balance[sku] = self.balance(sku) + count",
  },
  {
    kind: "missing await",
    project: "job-queue",
    file: "src/retry.ts",
    find: "return await work(attempt)",
    replace: "return work(attempt)",
  },
  {
    kind: "inverted condition",
    project: "job-queue",
    file: "src/retry.ts",
    find: "|| isFinal(error)",
    replace: "|| !isFinal(error)",
  },
  {
    kind: "wrong constant",
    project: "job-queue",
    file: "src/cache.ts",
    find: "lifetimeMs = 60_000",
    replace: "lifetimeMs = 6_000",
  },
  {
    kind: "swapped arguments",
    project: "job-queue",
    file: "src/heap.ts",
    find: "this.#before(parent, child)",
    replace: "this.#before(child, parent)",
  },
  {
    kind: "and for or",
    project: "spreadsheet",
    file: "src/sheet.ts",
    find: 'cell === undefined || content.source === ""',
    replace: 'cell === undefined && content.source === ""',
  },
  {
    kind: "wrong operator",
    project: "spreadsheet",
    file: "src/reference.ts",
    find: "column * letters + (",
    replace: "column + letters + (",
  },
  {
    kind: "missing null check",
    project: "spreadsheet",
    file: "src/sheet.ts",
    find: "    if (content === undefined) return null;\n",
    replace: "",
  },
  {
    kind: "wrong return expression",
    project: "spreadsheet",
    file: "src/evaluate.ts",
    find: "return [...reads(expression.left), ...reads(expression.right)];",
    replace: "return reads(expression.left);",
  },
];

const fixtures = join(import.meta.dirname, "../fixtures/seeded");

export async function copySeededProject(project: SeededBug["project"], directory: string): Promise<void> {
  await cp(join(fixtures, project), directory, { recursive: true });
}

/** How often `find` stands in its file. */
export async function occurrences({ project, file, find }: SeededBug): Promise<number> {
  return (await readFile(join(fixtures, project, file), "utf8")).split(find).length - 1;
}

/** A copy of the project with the bug; gives the file as it was. */
export async function seedBug(bug: SeededBug, directory: string): Promise<string> {
  await copySeededProject(bug.project, directory);
  const path = join(directory, bug.file);
  const right = await readFile(path, "utf8");
  await writeFile(
    path,
    right.replace(bug.find, () => bug.replace),
  );
  return right;
}
