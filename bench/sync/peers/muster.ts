import { readConfig } from "#/server/platform/config.ts";
import { startServer } from "#/server/start-server.ts";
import { answerParent } from "./usage.ts";

/** Ours, whole but for the pages, in a process that tells what it used. */
await startServer(readConfig(process.env));
answerParent();
