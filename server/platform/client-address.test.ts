import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { settleClientAddress } from "./client-address.ts";

function settled(remoteAddress: string, claimed?: string): unknown {
  const headers: Record<string, string> = claimed ? { "x-forwarded-for": claimed } : {};
  settleClientAddress({ socket: { remoteAddress }, headers } as unknown as IncomingMessage);
  return headers["x-forwarded-for"];
}

test.each([
  ["a direct client's claim is overwritten", "203.0.113.9", "1.2.3.4", "203.0.113.9"],
  ["a proxy on this machine is believed", "127.0.0.1", "1.2.3.4", "1.2.3.4"],
  ["a proxy in a private network is believed", "::ffff:172.18.0.3", "1.2.3.4", "1.2.3.4"],
  ["without a claim the socket's address stands", "127.0.0.1", undefined, "127.0.0.1"],
  ["an IPv6 client's claim is overwritten", "2001:db8::1", "1.2.3.4", "2001:db8::1"],
])("%s", (_title, remote, claimed, expected) => {
  expect(settled(remote, claimed)).toBe(expected);
});
