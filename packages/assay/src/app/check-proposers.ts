import { raise } from "#domain";
import type { AgentConfig } from "#proposers";
import { ModelCatalogue } from "./model-catalogue.ts";
import { type UserConfig, userConfigPath } from "./user-config.ts";

/** Whether the models and agents among these names can be asked, before there is anything to ask them. Throws `usage`. */
export async function checkProposers(names: readonly string[], user: UserConfig): Promise<void> {
  const catalogue = new ModelCatalogue(user, user.budget?.usd !== undefined);
  for (const name of names) {
    if (name.startsWith("model:")) await catalogue.open(name.slice("model:".length));
    if (name.startsWith("agent:")) agentNamed(name.slice("agent:".length), user);
  }
}

/** An agent of the user's configuration. Throws `usage`. */
export function agentNamed(name: string, user: UserConfig | undefined): AgentConfig {
  const config = user?.agents?.[name];
  return config ?? raise("usage", `there is no agent ${name}`, `configure [agents.${name}] in ${userConfigPath()}`);
}
