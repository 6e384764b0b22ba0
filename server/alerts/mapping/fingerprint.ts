const SEPARATOR = 0xff;
const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
/** The prime of 64-bit FNV is 2^40 + 435. */
const PRIME_LOW = 435;

/**
 * The fingerprint that Prometheus and Alertmanager give a set of labels: FNV-1a, 64 bits, 16 hex digits.
 * The same labels come with the same one whether by webhook or by API. Null without labels. Pure.
 */
export function labelFingerprint(labels: Readonly<Record<string, string>> | undefined): string | null {
  const names = Object.keys(labels ?? {}).sort();
  if (!labels || names.length === 0) return null;
  let high = OFFSET_HIGH;
  let low = OFFSET_LOW;
  const add = (byte: number) => {
    low = (low ^ byte) >>> 0;
    // (high, low) * (2^40 + 435) modulo 2^64; each product stays below 2^53.
    const product = low * PRIME_LOW;
    high = (high * PRIME_LOW + Math.floor(product / 2 ** 32) + (low % 2 ** 24) * 2 ** 8) % 2 ** 32;
    low = product % 2 ** 32;
  };
  for (const name of names) {
    for (const text of [name, labels[name] ?? ""]) {
      for (const byte of Buffer.from(text)) add(byte);
      add(SEPARATOR);
    }
  }
  return high.toString(16).padStart(8, "0") + low.toString(16).padStart(8, "0");
}
