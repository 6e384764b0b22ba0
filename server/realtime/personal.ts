import type { UserActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { countUnseen, markShown, readNotification, waitingNotifications } from "#/server/notifications/index.ts";
import { NOTIFICATIONS_SHOWN } from "#/server/notifications/shared/lists.ts";
import { isAppError, messageOf } from "#/server/platform/errors.ts";
import type { ServerMessages } from "./contract.ts";

export type SendPersonal = (fact: Parameters<ServerMessages["notification:fact"]>[0]) => void;

/**
 * Brings one notification as it stands to a person's browsers, and writes down that they got it.
 * What they may not see any more is not sent.
 */
export async function tellPersonal(core: Core, actor: UserActor, id: string, send: SendPersonal): Promise<void> {
  const ctx = ctxFor(core, actor);
  try {
    const notification = await readNotification(ctx, id);
    send({ notification, unseen: await countUnseen(ctx) });
    await markShown(ctx, id);
  } catch (error) {
    if (!isAppError(error)) core.log.warn({ error: messageOf(error) }, "a notification could not be shown");
  }
}

/** Brings a person who just connected what no browser of theirs got yet. */
export async function tellWaiting(core: Core, actor: UserActor, send: SendPersonal): Promise<void> {
  try {
    const ids = await waitingNotifications(ctxFor(core, actor), NOTIFICATIONS_SHOWN);
    for (const id of ids) await tellPersonal(core, actor, id, send);
  } catch (error) {
    if (!isAppError(error)) core.log.warn({ error: messageOf(error) }, "waiting notifications could not be read");
  }
}
