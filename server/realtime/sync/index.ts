export type { ActorFrom } from "./rights.ts";
export { type ConnectionInfo, createSyncServer, type SyncServer, type SyncServerOptions } from "./sync-server.ts";
