import { sandboxContract } from "../ports/sandbox.contract.ts";
import { BubblewrapSandbox } from "./bubblewrap-sandbox.ts";
import { ContainerSandbox } from "./container/container-sandbox.ts";
import { UnsafeHostSandbox } from "./unsafe/unsafe-host-sandbox.ts";

sandboxContract("bubblewrap", "isolated", () => new BubblewrapSandbox());
sandboxContract("container", "container", () => new ContainerSandbox());
sandboxContract("no sandbox", "none", () => new UnsafeHostSandbox());
