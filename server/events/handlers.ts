import type { Sql } from "#/db/client.ts";
import type { Ctx } from "./core.ts";
import type { EventType } from "./event-types.ts";

/** An event as handlers see it, already written. */
export type RecordedEvent = {
  id: string;
  incidentId: string;
  seq: number;
  type: EventType;
  data: Record<string, unknown>;
  at: Date;
};
export type EventHandler = (tx: Sql, ctx: Ctx, event: RecordedEvent) => Promise<void>;

/** What has to happen in the same transaction as an event, in rooms above the one that records it. */
export type EventHandlers = {
  on(type: EventType, handler: EventHandler): void;
  run(tx: Sql, ctx: Ctx, event: RecordedEvent): Promise<void>;
};

export function createEventHandlers(): EventHandlers {
  const byType = new Map<EventType, EventHandler[]>();
  return {
    on(type, handler) {
      byType.set(type, [...(byType.get(type) ?? []), handler]);
    },
    async run(tx, ctx, event) {
      for (const handler of byType.get(event.type) ?? []) await handler(tx, ctx, event);
    },
  };
}
