export { JsonlKnowledge, knowledgePath } from "./jsonl-knowledge.ts";
export { Records } from "./posterior.ts";
