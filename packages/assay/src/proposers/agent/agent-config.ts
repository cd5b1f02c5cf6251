import { isAbsolute, normalize } from "node:path";
import { z } from "zod";
import { homeDirectory } from "#ports";
import { isHostRule } from "./egress/host-rules.ts";

const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "not a name of an environment variable");
const word = z.string().regex(/^[^\0]*$/, "holds a NUL character");

/** Names that say that the value is a secret: it would be read by whatever runs beside the agent. */
const secretName = /(?:^|_)(?:API_?KEY|KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)$/i;

/** An API that the agent may use with the user's credential, which the agent never sees. */
const upstreamSchema = z.strictObject({
  /** The agent reaches it at `http://127.0.0.1:PORT/NAME`. */
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,30}$/, "an upstream's name has lower-case letters, digits and dashes"),
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** The header that carries the credential, e.g. `x-api-key` or `authorization`. */
  header: z.string().regex(/^[A-Za-z0-9-]+$/, "not a header's name"),
  /** Written before the credential, e.g. `Bearer`. */
  scheme: z
    .string()
    .regex(/^[A-Za-z]+$/)
    .optional(),
  /** Where Assay finds the credential. The agent gets a variable of this name with a placeholder, for many refuse to start without. */
  keyEnv: variable,
  /** The variable that tells the agent the route's address, e.g. `ANTHROPIC_BASE_URL`; default: the name, in capitals, and `_BASE_URL`. */
  baseUrlEnv: variable.optional(),
});

/**
 * An external agent, as the user configures it: never the target repository, for it names a program to run and where it may connect.
 * The program speaks the Agent Client Protocol (version 1) on its standard input and output.
 */
export const agentConfigSchema = z.strictObject({
  /** The program and its arguments; looked up in the sandbox's PATH, or an absolute path below one of `mounts`. */
  command: z.tuple([word.min(1)], word),
  env: z
    .record(variable, word)
    .refine((env) => !Object.keys(env).some((name) => secretName.test(name)), {
      error: "a secret must not enter the sandbox: name the API under upstreams, and its variable as keyEnv",
    })
    .optional(),
  /** Hosts it may open TLS connections to: `example.com`, `*.example.com`, `example.com:8443`. Default: none. */
  allowHosts: z
    .array(z.string().refine(isHostRule, { error: "not a host, *.DOMAIN or HOST:PORT" }))
    .max(100)
    .optional(),
  upstreams: z
    .array(upstreamSchema)
    .max(20)
    .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, { error: "two upstreams have one name" })
    .optional(),
  /** Absolute paths of what its program needs beyond the system's folders, seen read-only at the same place. */
  mounts: z
    .array(z.string().refine(isMountable, { error: "not an absolute path, or one that holds the home folder" }))
    .max(50)
    .optional(),
  /** Of a whole session. Default: `agentWallMsDefault`. */
  wallMsMax: z
    .int()
    .min(1_000)
    .max(24 * 60 * 60_000)
    .optional(),
});
export type AgentConfig = z.infer<typeof agentConfigSchema>;
export type AgentUpstream = z.infer<typeof upstreamSchema>;

export const agentWallMsDefault = 15 * 60_000;

/** The home folder holds keys and tokens of every kind: only what lies below it can be mounted. */
function isMountable(path: string): boolean {
  const clean = normalize(path).replace(/\/+$/, "");
  if (!isAbsolute(path) || clean === "" || path.includes("\0")) return false;
  const home = homeDirectory();
  return clean !== home && !home.startsWith(`${clean}/`);
}
