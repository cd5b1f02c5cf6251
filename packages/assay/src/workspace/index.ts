export { LayeredWorkspaces, type LayeredWorkspacesOptions } from "./layered-workspaces.ts";
