import { expect, test } from "vitest";
import { changeSettingsInput, isTimeZone, TELL_EMAILS_MAX } from "./contract.ts";

test.each([
  ["UTC", true],
  ["Europe/Berlin", true],
  ["America/Argentina/Buenos_Aires", true],
  ["+02:00", false],
  ["Mars/Olympus", false],
  ["", false],
])("%j is a time zone: %s", (name, expected) => {
  expect(isTimeZone(name)).toBe(expected);
});

const emails = (count: number) => Array.from({ length: count }, (_, i) => `person${i}@example.com`);
test.each<[unknown, boolean]>([
  [{}, true],
  [{ organisation: { timeZone: "Europe/Berlin" } }, true],
  [{ organisation: { timeZone: "Nowhere" } }, false],
  [{ tellEmails: emails(TELL_EMAILS_MAX) }, true],
  [{ tellEmails: emails(TELL_EMAILS_MAX + 1) }, false],
  [{ tellEmails: ["root@localhost"] }, true],
  [{ tellEmails: ["a@example.com\nBcc: b@example.com"] }, false],
  [{ statusPage: { url: "javascript:alert(1)" } }, false],
  [{ slack: null, smtp: null }, true],
  [{ slack: { botToken: "xoxb-1" } }, false],
  [{ smtp: { url: "http://mail.example.com", mailFrom: "a@example.com" } }, false],
  [{ smtp: { url: "smtp://mail.example.com", mailFrom: "Muster <a@example.com>" } }, true],
  [{ smtp: { url: "smtp://mail.example.com", mailFrom: "a@example.com\r\nX: y" } }, false],
])("%j is taken: %s", (input, expected) => {
  expect(changeSettingsInput.safeParse(input).success).toBe(expected);
});
