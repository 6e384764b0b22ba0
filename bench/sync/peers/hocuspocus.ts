import { Server } from "@hocuspocus/server";
import { answerParent } from "./usage.ts";

/** Hocuspocus as its documentation starts it, without a database. */
const server = new Server({
  port: Number(process.env.PORT),
  address: process.env.HOST ?? "127.0.0.1",
  quiet: true,
  stopOnSignals: false,
});
await server.listen();
answerParent();
