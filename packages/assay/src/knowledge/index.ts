export { JsonlKnowledge, knowledgePath } from "./jsonl-knowledge.ts";
export { Records, seedStrength } from "./posterior.ts";
