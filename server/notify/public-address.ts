import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

const foreign = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  foreign.addSubnet(network, prefix, "ipv4");
}

/** True for an address on the public internet; only plain global unicast counts. Pure. */
export function isPublicAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return !foreign.check(address, "ipv4");
  if (version !== 6) return false;
  // 2000::/3 is all that is routed; mapped, translated, tunnelled and documentation addresses are no way around.
  const global = new BlockList();
  global.addSubnet("2000::", 3, "ipv6");
  const special = new BlockList();
  special.addSubnet("2001::", 23, "ipv6");
  special.addSubnet("2001:db8::", 32, "ipv6");
  special.addSubnet("2002::", 16, "ipv6");
  special.addSubnet("3fff::", 20, "ipv6");
  return global.check(address, "ipv6") && !special.check(address, "ipv6");
}

/** The address to connect to for a host that nobody vouches for; undefined when any of its addresses is not public. */
export async function resolvePublicHost(host: string): Promise<string | undefined> {
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  const found = isIP(bare) ? [{ address: bare }] : await lookup(bare, { all: true });
  return found.every((one) => isPublicAddress(one.address)) ? found[0]?.address : undefined;
}

/** True for a host that can only be in a private network, without asking anybody: a name is looked up when it is used. Pure. */
export function isForbiddenHost(host: string): boolean {
  const bare = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
  if (isIP(bare)) return !isPublicAddress(bare);
  return bare === "localhost" || /\.(localhost|local|internal)$/.test(bare);
}
