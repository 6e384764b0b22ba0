import { describe, expect, test } from "vitest";
import type { DeliveryView } from "#/server/updates/contract.ts";
import { chipsOf, deliveryState, isDead, troublesOf, waitsOf } from "./delivery-words.ts";

const texts = (...args: Parameters<typeof chipsOf>) => chipsOf(...args).map((chip) => chip.text);

describe("delivery chips", () => {
  test.each([
    [{ channel: "status_page", total: 1, sent: 1, failed: 0, waiting: 0 }, ["✓ page"]],
    [{ channel: "slack", total: 1, sent: 0, failed: 0, waiting: 1 }, ["… Slack"]],
    [{ channel: "slack", total: 1, sent: 0, failed: 1, waiting: 0 }, ["! Slack failed"]],
    [
      { channel: "email", total: 1204, sent: 1201, failed: 3, waiting: 0 },
      ["✓ 1,201 of 1,204 mails", "! 3 mails failed"],
    ],
    [{ channel: "email", total: 1, sent: 1, failed: 0, waiting: 0 }, ["✓ 1 mail"]],
    [{ channel: "email", total: 3, sent: 0, failed: 0, waiting: 3 }, ["… 3 mails on the way"]],
    [
      { channel: "email", total: 100, sent: 97, failed: 0, waiting: 0, suppressed: 3 },
      ["✓ 97 of 100 mails", "– 3 addresses suppressed"],
    ],
    [{ channel: "email", total: 0, sent: 0, failed: 0, waiting: 0 }, ["– nobody to mail"]],
  ] as const)("%o", (summary, expected) => {
    expect(texts(summary)).toEqual(expected);
  });
});

describe("troubles", () => {
  const delivery = (id: string, more: Partial<DeliveryView>) =>
    ({ id, channel: "email", state: "failed", lastError: null, ...more }) as DeliveryView;
  test("failed and unknown ones are gathered by channel, with the first reason that is known", () => {
    const deliveries = [
      delivery("a", {}),
      delivery("b", { lastError: "550 no such user" }),
      delivery("c", { state: "sent" }),
      delivery("d", { channel: "slack", state: "unknown" }),
    ];
    expect(troublesOf({ deliveries })).toEqual([
      { channel: "email", reason: "550 no such user", deliveryIds: ["a", "b"] },
      { channel: "slack", reason: "Nobody knows whether it arrived.", deliveryIds: ["d"] },
    ]);
  });
});

describe("one delivery", () => {
  const delivery = (more: Partial<DeliveryView>) =>
    ({
      id: "a",
      channel: "email",
      state: "queued",
      attempts: 1,
      nextAttemptAt: null,
      lastError: null,
      ...more,
    }) as DeliveryView;
  test.each([
    [{ state: "sent" }, "✓ arrived", false],
    [{ state: "sent", attempts: 3 }, "✓ arrived after 3 tries", false],
    [{ state: "failed" }, "! failed after 1 try", true],
    [{ state: "unknown" }, "! may not have arrived", true],
    [{ state: "unknown", nextAttemptAt: "2026-11-21T10:00:00.000Z" }, "… may have arrived, Muster looks", false],
    [{ state: "suppressed" }, "– gets no mail", true],
    [{ state: "superseded" }, "– something newer took its place", false],
    [{ state: "cancelled" }, "– not sent", false],
    [{ state: "sending" }, "… being sent", false],
    [{ state: "retrying", attempts: 2 }, "… 2 tries so far", false],
    [{ state: "queued" }, "… waits", false],
  ] as const)("%o reads %s", (more, text, canSendAgain) => {
    expect(deliveryState(delivery(more)).text).toBe(text);
    expect(isDead(delivery(more))).toBe(canSendAgain);
  });

  test("a channel that waits says why, how often it was tried, and when next", () => {
    const lastError = "The mail server could not be reached.";
    const late = [
      delivery({ state: "retrying", attempts: 4, lastError, nextAttemptAt: "2026-11-21T10:02:00.000Z" }),
      delivery({ state: "retrying", attempts: 2, lastError, nextAttemptAt: "2026-11-21T10:01:00.000Z" }),
      delivery({ channel: "slack", state: "queued", nextAttemptAt: "2026-11-21T10:01:00.000Z" }),
    ];
    expect(waitsOf({ deliveries: late })).toEqual([
      { channel: "email", reason: lastError, tries: "4 tries", nextAt: "2026-11-21T10:01:00.000Z" },
    ]);
  });
});
