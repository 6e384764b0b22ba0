export type MailAddress = { name: string; address: string };

/** Longest address that SMTP carries. */
export const ADDRESS_LENGTH_MAX = 254;

// Plain ASCII only: quoted local parts, comments and look-alikes of @ have sent mail to the wrong people before.
const ADDRESS =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

/** True for an address that can only be read in one way. */
export function isMailAddress(text: string): boolean {
  return text.length <= ADDRESS_LENGTH_MAX && ADDRESS.test(text);
}

/** A name as a header may carry it: one line. */
export function headerText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not get into a header.
  return text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ").trim();
}

/** Takes `Muster <muster@example.com>` or a bare address apart; undefined for anything else. */
export function parseMailAddress(text: string): MailAddress | undefined {
  const named = /^(.*?)\s*<([^<>]*)>$/.exec(text.trim());
  const address = (named?.[2] ?? text).trim();
  if (!isMailAddress(address)) return undefined;
  return { name: headerText((named?.[1] ?? "").replace(/^"(.*)"$/, "$1")), address };
}
