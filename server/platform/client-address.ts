import type { IncomingMessage } from "node:http";
import { BlockList, isIPv6 } from "node:net";

/** Where a reverse proxy of ours would connect from: this machine, or a private network. */
const proxies = new BlockList();
proxies.addSubnet("127.0.0.0", 8);
proxies.addSubnet("10.0.0.0", 8);
proxies.addSubnet("172.16.0.0", 12);
proxies.addSubnet("192.168.0.0", 16);
proxies.addAddress("::1", "ipv6");
proxies.addSubnet("fc00::", 7, "ipv6");

function isProxy(address: string): boolean {
  const plain = address.replace(/^::ffff:/i, "");
  return proxies.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
}

/**
 * Makes `X-Forwarded-For` tell the truth: a proxy of ours is believed, and whoever connects directly
 * gets its own address there, whatever it claimed.
 */
export function settleClientAddress(request: IncomingMessage): void {
  const address = request.socket.remoteAddress;
  if (!address) return;
  if (!isProxy(address) || request.headers["x-forwarded-for"] === undefined)
    request.headers["x-forwarded-for"] = address;
}
