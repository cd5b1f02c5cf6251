import type { Settings } from "#ports";

/** Settings in memory, which may fail to be written. */
export class MapSettings implements Settings {
  readonly values = new Map<string, string>();
  fails: (() => never) | undefined;
  /** What is to be written waits for this. */
  writing: Promise<unknown> | undefined;

  async get(name: string): Promise<string | undefined> {
    return this.values.get(name);
  }

  async set(name: string, value: string): Promise<void> {
    await this.writing;
    this.fails?.();
    this.values.set(name, value);
  }

  async remove(name: string): Promise<void> {
    await this.writing;
    this.fails?.();
    this.values.delete(name);
  }
}
