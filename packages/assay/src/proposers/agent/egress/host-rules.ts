import { isIP } from "node:net";

/** A host as it is compared: lower-case, IPv6 without brackets, numbers as dotted addresses. */
export type HostPort = { host: string; port: number };

/** `named`: the very address or `localhost` was allowed, so it may be one that is not public. */
export type HostAnswer = { kind: "allowed"; named: boolean } | { kind: "refused" };

type Rule = HostPort & { below: boolean };

const portDefault = 443;

/** Which hosts an agent may open a tunnel to. An entry is `HOST`, `*.DOMAIN` or either with `:PORT`; the port is 443 otherwise. */
export class HostRules {
  readonly #rules: readonly Rule[];

  /** Throws a `RangeError` for what is no entry: `isHostRule` tells before. */
  constructor(entries: readonly string[]) {
    this.#rules = entries.map((entry) => {
      const rule = parseRule(entry);
      if (rule === undefined) throw new RangeError(`not a host: ${JSON.stringify(entry)}`);
      return rule;
    });
  }

  ask({ host, port }: HostPort): HostAnswer {
    const rule = this.#rules.find((one) => one.port === port && matches(one, host));
    return rule === undefined
      ? { kind: "refused" }
      : { kind: "allowed", named: isIP(host) !== 0 || host === "localhost" };
  }
}

export function isHostRule(entry: string): boolean {
  return parseRule(entry) !== undefined;
}

/** `HOST:PORT` as a client asks for it; `undefined` when it is not that. */
export function parseHostPort(text: string): HostPort | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^\s:/?#@[\]\\]+):(\d{1,5})$/.exec(text);
  const host = normalHost(match?.[1] ?? "");
  const port = Number(match?.[2]);
  return host === undefined || !(port > 0 && port < 65_536) ? undefined : { host, port };
}

function parseRule(entry: string): Rule | undefined {
  const below = entry.startsWith("*.");
  const rest = below ? entry.slice(2) : entry;
  const parsed = parseHostPort(rest) ?? parseHostPort(`${rest}:${portDefault}`);
  if (parsed === undefined || parsed.host.includes("*")) return undefined;
  if (below && (isIP(parsed.host) !== 0 || !parsed.host.includes("."))) return undefined;
  return { ...parsed, below };
}

function matches(rule: Rule, host: string): boolean {
  return rule.below ? host.endsWith(`.${rule.host}`) : host === rule.host;
}

/** The URL parser knows every way to write an address; a dot at the end names the same host. */
function normalHost(host: string): string | undefined {
  if (host === "" || host.length > 260) return undefined;
  try {
    const { hostname } = new URL(`http://${host}/`);
    return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "") || undefined;
  } catch {
    return undefined;
  }
}
