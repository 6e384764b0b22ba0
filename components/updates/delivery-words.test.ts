import { describe, expect, test } from "vitest";
import type { DeliveryView } from "#/server/updates/contract.ts";
import { chipsOf, troublesOf } from "./delivery-words.ts";

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
