import { realpath, stat } from "node:fs/promises";
import { resolve, sep } from "node:path";
import { raise } from "#domain";

type Root = { given: string; real: string };

/** The folders that a caller may name projects and receipts in. Links do not lead out of them. */
export class Roots {
  readonly #roots: readonly Root[];

  private constructor(roots: readonly Root[]) {
    this.#roots = roots;
  }

  /** Fault: `usage` for a folder that is not there. */
  static async open(directories: readonly string[]): Promise<Roots> {
    const roots = directories.map(async (directory): Promise<Root> => {
      const advice = "give --root a folder that exists";
      const real = await realpath(directory).catch(() => raise("usage", `there is no folder ${directory}`, advice));
      if (!(await stat(real)).isDirectory()) raise("usage", `${directory} is not a folder`, advice);
      return { given: resolve(directory), real };
    });
    return new Roots(await Promise.all(roots));
  }

  /** The real path of a project's folder; without a name the only root. Faults: `usage`, `not-a-project`. */
  async project(name: string | undefined): Promise<string> {
    const real = await this.#real(name ?? this.#only(), "not-a-project", "folder");
    const found = await stat(real).catch(() => undefined);
    if (!found?.isDirectory()) raise("not-a-project", `${real} is not a folder`, "name a project's folder");
    return real;
  }

  /** The real path of a file or folder that is there. Fault: `usage`. */
  file(name: string): Promise<string> {
    return this.#real(name, "usage", "file");
  }

  /** Throws for a real path that is outside, for what became a link after it was named. Fault: `usage`. */
  refuseOutside(real: string): void {
    if (!this.#contains(real)) this.#refuse(real);
  }

  #contains(path: string): boolean {
    return this.#roots.some(({ real }) => isBelow(path, real));
  }

  #refuse(name: string): never {
    raise(
      "usage",
      `${name} is outside of the folders that this server was started for`,
      `name one in ${this.#folders()}, or have a person start the server with --root`,
    );
  }

  #folders(): string {
    return this.#roots.map(({ real }) => real).join(", ");
  }

  #only(): string {
    const [first, second] = this.#roots;
    if (first === undefined || second !== undefined) {
      raise("usage", "this server works on several folders", `name a project in one of them: ${this.#folders()}`);
    }
    return first.real;
  }

  async #real(name: string, missing: "usage" | "not-a-project", what: string): Promise<string> {
    const path = resolve(this.#roots[0]?.real ?? sep, name);
    // By its name first: nobody learns from here what there is elsewhere.
    const named = this.#roots.some(({ given, real }) => isBelow(path, given) || isBelow(path, real));
    if (!named) this.#refuse(name);
    const real = await realpath(path).catch(() =>
      raise(missing, `there is no ${what} ${name}`, `name a ${what} that exists`),
    );
    if (!this.#contains(real)) this.#refuse(name);
    return real;
  }
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
