import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { webhookHeaders, webhookSecret } from "./webhook.ts";

const secretOf = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString("base64")}`;
const [newer, older, foreign] = [secretOf("n"), secretOf("o"), secretOf("f")];
const body = JSON.stringify({ type: "update.published", data: { body: "Zahlungen gehen wieder. ✓" } });
const signed = (secrets: string[], id = "msg_1") => webhookHeaders({ id, body, now: new Date(), secrets });

describe("a webhook's signature", () => {
  it("is one that Standard Webhooks' own library accepts", () => {
    const headers = signed([newer]);
    expect(new Webhook(newer).verify(body, headers)).toEqual(JSON.parse(body));
    expect(headers).toMatchObject({ "webhook-id": "msg_1", "webhook-timestamp": expect.stringMatching(/^\d{10}$/) });
    expect(headers["webhook-signature"]).toMatch(/^v1,[\w+/]{43}=$/);
  });
  it("is given by each live secret, so that either verifies", () => {
    const headers = signed([newer, older]);
    expect(new Webhook(newer).verify(body, headers)).toBeTruthy();
    expect(new Webhook(older).verify(body, headers)).toBeTruthy();
    expect(() => new Webhook(foreign).verify(body, headers)).toThrow();
    expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  });
  it("covers the body, the id and the time", () => {
    const headers = signed([newer]);
    const check =
      (text: string, changed: object = {}) =>
      () =>
        new Webhook(newer).verify(text, { ...headers, ...changed });
    expect(check(body)).not.toThrow();
    expect(check(body.replace("wieder", "nicht"))).toThrow();
    expect(check(body, { "webhook-id": "msg_2" })).toThrow();
    const later = String(Number(headers["webhook-timestamp"]) + 1);
    expect(check(body, { "webhook-timestamp": later })).toThrow();
  });
  it("is refused by the library once its time is old", () => {
    const now = new Date(Date.now() - 6 * 60_000);
    const headers = webhookHeaders({ id: "msg_1", body, now, secrets: [newer] });
    expect(() => new Webhook(newer).verify(body, headers)).toThrow(/old/);
  });
  it("of tell lists is made with the secret that the settings show", () => {
    const secret = webhookSecret("a server's secret of some length...");
    expect(new Webhook(secret).verify(body, signed([secret]))).toBeTruthy();
  });
});
