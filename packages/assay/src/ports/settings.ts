/** Small durable values of one tenant, by name. `get` gives `undefined` for what was never set, or was taken away by `remove`. */
export interface Settings {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
}
