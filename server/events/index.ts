export { type Core, type Ctx, ctxFor } from "./core.ts";
export { type EventType, holderEvents, textIn } from "./event-types.ts";
export { type AccessChange, createFactBus, type Fact, type FactBus, type RoomPart } from "./facts.ts";
export { createEventHandlers, type EventHandler, type EventHandlers, type RecordedEvent } from "./handlers.ts";
export { type AuditEntry, recordAudit } from "./record-audit.ts";
export { type NewEvent, nextSeq, recordEvent, recordEvents, touchRoom, touchRooms } from "./record-event.ts";
