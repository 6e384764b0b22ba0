import { api } from "#/components/api/client.ts";
import { socket } from "#/components/realtime/socket.ts";
import { toast } from "#/components/ui/toasts.tsx";
import type { NotificationView } from "#/server/notifications/contract.ts";
import { NOTIFICATIONS_SHOWN, type ReachChoice } from "#/server/notifications/shared/lists.ts";
import { showInBrowser } from "./browser-notification.ts";

export type Bell = {
  readonly items: readonly NotificationView[];
  readonly unseen: number;
  readonly reachBy: ReachChoice;
  readonly isLoaded: boolean;
  /** What went wrong while it was read. */
  readonly problem: unknown;
};

const empty: Bell = { items: [], unseen: 0, reachBy: "both", isLoaded: false, problem: null };
let bell: Bell = empty;
const listeners = new Set<() => void>();

function change(next: Partial<Bell>): void {
  bell = { ...bell, ...next };
  for (const listener of listeners) listener();
}

/** The list with one notification put in or replaced, newest first. Pure. */
export function withNotification(items: readonly NotificationView[], one: NotificationView): NotificationView[] {
  return [one, ...items.filter((each) => each.id !== one.id)]
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .slice(0, NOTIFICATIONS_SHOWN);
}

/** True for what the reader has not looked at and what still waits for them. Pure. */
export function isWaiting(one: NotificationView): boolean {
  return one.seenAt === null && one.settledAt === null;
}

/** Leads there; a moment of the page that is open is found by its hash. */
function go(link: string): void {
  window.location.assign(link);
}

function receive({ notification, unseen }: { notification: NotificationView; unseen: number }): void {
  const isNew = !bell.items.some((each) => each.id === notification.id);
  change({ items: withNotification(bell.items, notification), unseen });
  if (!isNew || !isWaiting(notification)) return;
  if (!showInBrowser(notification))
    toast(notification.title, "ok", { label: "Open", run: () => go(notification.link) });
}

/** Reads the bell again: at its first use, and after a connection that was lost. */
export async function loadBell(): Promise<void> {
  try {
    const read = await api.get<Omit<Bell, "isLoaded" | "problem">>(
      `/api/v1/notifications?limit=${NOTIFICATIONS_SHOWN}`,
    );
    const { items, unseen, reachBy } = read;
    change({ items, unseen, reachBy, isLoaded: true, problem: null });
  } catch (problem) {
    change({ problem });
  }
}

/** While somebody listens, the person's own notifications arrive. */
export function listenToBell(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    const connection = socket();
    connection.on("notification:fact", receive);
    connection.on("connect", loadBell);
    if (connection.connected) void loadBell();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    socket().off("notification:fact", receive);
    socket().off("connect", loadBell);
  };
}

export const bellNow = (): Bell => bell;
export const emptyBell = (): Bell => empty;

/** Marks one as seen; the server tells the other tabs. */
export async function see(id: string): Promise<void> {
  await api.post(`/api/v1/notifications/${id}/seen`);
}

/** Marks all as seen. */
export async function seeAll(): Promise<void> {
  await api.post("/api/v1/notifications/seen");
  await loadBell();
}

/** Chooses how one is reached while absent. */
export async function chooseReach(reachBy: ReachChoice): Promise<void> {
  await api.patch("/api/v1/notifications", { reachBy });
  change({ reachBy });
}
