/** node agent-steps.ts — lets the scripted agent fix a project and spy, and prints what came of it as JSON. */
import { agentProject, scriptedAgent } from "./agent-session.ts";

await using project = await agentProject();
const results = [];
for (const behaviour of ["fix", "spy"]) {
  const { candidates, fault, session } = await project
    .proposer(scriptedAgent(behaviour, "127.0.0.1:1"))
    .propose(project.request);
  results.push({ candidates: candidates.length, fault, end: session?.end, said: session?.said });
}
process.stdout.write(JSON.stringify(results));
