import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  scrypt,
  timingSafeEqual,
} from "node:crypto";

/** scrypt at the OWASP floor (N=2^17, r=8, p=1): about 0.4 s and 128 MiB per check. */
const SCRYPT = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 } as const;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** `bytes` random bytes as URL-safe text. */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString("base64url");
}

const BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz";

/** `length` random characters of 0-9a-z, evenly spread: the form of public ids. */
export function randomBase36(length: number): string {
  let text = "";
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      // 252 = 7 * 36: bytes above it would favour the first characters.
      if (byte < 252 && text.length < length) text += BASE36[byte % 36];
    }
  }
  return text;
}

export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

export function hmacSha256(key: string | Uint8Array, data: string | Uint8Array): Buffer {
  return createHmac("sha256", key).update(data).digest();
}

/** A UUID (version 8 of RFC 9562) made of the first 16 bytes of a hash. Pure. */
export function uuidOf(hash: Uint8Array): string {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Compares two strings in a time that does not depend on where they differ. */
export function sameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash("sha256").update(a).digest(), createHash("sha256").update(b).digest());
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, KEY_BYTES, SCRYPT, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** The stored form of a password: `scrypt$<salt>$<key>`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt);
  return `scrypt$${salt.toString("base64url")}$${key.toString("base64url")}`;
}

/** Checks a password; with no stored form it spends the same time and says no. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, saltText, keyText] = (stored ?? "").split("$");
  const salt = saltText ? Buffer.from(saltText, "base64url") : Buffer.alloc(SALT_BYTES);
  const key = await derive(password, salt);
  const expected = keyText ? Buffer.from(keyText, "base64url") : Buffer.alloc(KEY_BYTES);
  return stored !== null && key.length === expected.length && timingSafeEqual(key, expected);
}

/** A 32-byte key for one purpose, drawn from the server's secret (HKDF-SHA256). */
export function purposeKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", secret, "muster", purpose, KEY_BYTES));
}

/** AES-256-GCM under a purpose key; the answer is base64url of iv, tag and text. */
export function encrypt(secret: string, purpose: string, text: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv("aes-256-gcm", purposeKey(secret, purpose), iv);
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** Undoes `encrypt`. @throws Error when the secret is another one or the text was changed. */
export function decrypt(secret: string, purpose: string, sealedText: string): string {
  const sealed = Buffer.from(sealedText, "base64url");
  const decipher = createDecipheriv("aes-256-gcm", purposeKey(secret, purpose), sealed.subarray(0, IV_BYTES));
  decipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
  const open = Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
  return open.toString("utf8");
}
