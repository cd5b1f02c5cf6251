export { ControlledRunner } from "./controlled-runner.ts";
export { type ControlledFile, type Copy, makeControls } from "./make-controls.ts";
