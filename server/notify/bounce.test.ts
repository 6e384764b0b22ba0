import { readFileSync } from "node:fs";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { describe, expect, it } from "vitest";
import { readBounce } from "./bounce.ts";
import { isDeadAddress } from "./email.ts";

const MESSAGE_ID = "update.0123456789abcdef@muster.example";
const example = (name: string) =>
  Buffer.from(
    readFileSync(join(import.meta.dirname, "bounce-examples", `${name}.eml`), "utf8").replaceAll(
      "MESSAGE-ID",
      MESSAGE_ID,
    ),
  );

describe("a mail that came back", () => {
  it.each([
    ["postfix-unknown-user", "gone", "550 5.1.1 <gone@reader.example>: Recipient address rejected: User unknown"],
    ["exchange-unknown-user", "gone", "550 5.1.10 RESOLVER.ADR.RecipientNotFound"],
    ["gmail-headers-only", "gone", "550-5.1.1 The email account that you tried to reach does not exist"],
    ["exim-mailbox-full", "returned", "552 5.2.2 Mailbox full"],
    ["policy-refusal", "returned", "550-5.7.26 Your email has been blocked"],
    ["complaint", "complaint", "abuse"],
  ])("%s is %s", async (name, what, reason) => {
    const report = await readBounce(example(name));
    expect(report).toMatchObject({ messageIds: [MESSAGE_ID], what });
    expect(report?.reason).toContain(reason);
    expect(report?.reason).not.toMatch(/[\r\n]/);
  });

  it.each(["postfix-delayed", "out-of-office"])("%s is none", async (name) => {
    expect(await readBounce(example(name))).toBeUndefined();
  });

  it("reads the same with the line ends of the wire", async () => {
    const source = example("postfix-unknown-user").toString().replaceAll("\n", "\r\n");
    expect(await readBounce(Buffer.from(source))).toMatchObject({ messageIds: [MESSAGE_ID], what: "gone" });
  });

  it.each([
    "",
    "\0\0\0",
    "not a mail at all",
    "Content-Type: multipart/report; boundary=x\n\n--x\n--x--",
    "a:".repeat(5e4),
  ])("nonsense is none (%#)", async (source) => expect(await readBounce(Buffer.from(source))).toBeUndefined());

  it("the examples are mails that another parser understands", async () => {
    const parsed = await simpleParser(example("postfix-unknown-user"));
    expect(parsed.subject).toBe("Undelivered Mail Returned to Sender");
    expect(parsed.text).toContain("User unknown in virtual");
  });
});

describe("an answer to a recipient", () => {
  it.each([
    [550, "550 5.1.1 No such user", true],
    [550, "550 5.1.10 Recipient not found", true],
    [550, "550 5.2.1 Mailbox disabled", true],
    [551, "551 User not local", true],
    [550, "550 Requested action not taken: mailbox unavailable", true],
    [550, "550 5.0.0 User unknown", true],
    [552, "552 5.2.2 Mailbox full", false],
    [550, "550 5.7.1 Relaying denied", false],
    [550, "550 Relaying denied", false],
    [550, "550 Your IP is on a block list", false],
    [550, "550 5.4.1 Recipient address rejected: Access denied", false],
    [554, "554 Transaction failed", false],
    [552, "552 too much mail", false],
  ])("%i %s: gone is %s", (code, response, isGone) => expect(isDeadAddress(code, response)).toBe(isGone));
});
