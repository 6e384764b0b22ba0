import { expect, test } from "vitest";
import type { NotificationView } from "#/server/notifications/contract.ts";
import { NOTIFICATIONS_SHOWN } from "#/server/notifications/shared/lists.ts";
import { isWaiting, withNotification } from "./notification-store.ts";

const one = (id: string, second: number, more: Partial<NotificationView> = {}) =>
  ({
    id,
    createdAt: new Date(second * 1_000).toISOString(),
    seenAt: null,
    settledAt: null,
    ...more,
  }) as NotificationView;

test("a notification is put in by its time, or replaces what is known of it", () => {
  const list = withNotification([one("b", 2), one("a", 1)], one("c", 3));
  expect(list.map((each) => each.id)).toEqual(["c", "b", "a"]);
  const seen = withNotification(list, one("b", 2, { seenAt: "2026-11-21T10:00:00.000Z" }));
  expect(seen.map((each) => [each.id, isWaiting(each)])).toEqual([
    ["c", true],
    ["b", false],
    ["a", true],
  ]);
});

test("the list ends at what the bell shows", () => {
  const full = Array.from({ length: NOTIFICATIONS_SHOWN }, (_, at) => one(String(at), NOTIFICATIONS_SHOWN - at));
  const list = withNotification(full, one("new", NOTIFICATIONS_SHOWN + 1));
  expect(list).toHaveLength(NOTIFICATIONS_SHOWN);
  expect(list[0]?.id).toBe("new");
});
