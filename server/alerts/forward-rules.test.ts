import { describe, expect, it } from "vitest";
import { forwardedHeaders, forwardRequest } from "./forward-rules.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const sent = {
  method: "POST",
  path: "",
  query: "",
  headers: { "content-type": "text/plain" },
  body: bytes("\u0000 raw {"),
};

describe("what is passed on", () => {
  it("is every header that says or signs what was sent, and none that is for this server or its proxies", () => {
    const headers = new Headers({
      "Content-Type": "application/json",
      "X-Hub-Signature-256": "sha256=1",
      "webhook-signature": "v1,1",
      "Sentry-Hook-Signature": "2",
      "X-PagerDuty-Signature": "v1=3",
      "ce-id": "4",
      "User-Agent": "Grafana",
      Authorization: "GenieKey muster",
      Cookie: "session=1",
      "X-API-KEY": "muster",
      "X-Forwarded-For": "10.0.0.1",
      "X-Real-IP": "10.0.0.1",
      Host: "muster.example.com",
      "Content-Length": "3",
      "Content-Encoding": "gzip",
      "X-Long": "x".repeat(4_001),
    });
    expect(Object.keys(forwardedHeaders(headers)).sort()).toEqual([
      "ce-id",
      "content-type",
      "sentry-hook-signature",
      "user-agent",
      "webhook-signature",
      "x-hub-signature-256",
      "x-pagerduty-signature",
    ]);
  });

  it("is byte for byte what came, with its query", () => {
    const request = forwardRequest("https://old.example.com/hook?key=1", { ...sent, query: "a=1&b=%20" });
    expect(request).toEqual({
      method: "POST",
      url: "https://old.example.com/hook?key=1&a=1&b=%20",
      headers: sent.headers,
      body: sent.body,
    });
    expect(forwardRequest("https://old.example.com/", { ...sent, method: "GET", query: "a=1" })).not.toHaveProperty(
      "body",
    );
  });

  it("goes to the path that the sender called, where the address asks for it", () => {
    const request = forwardRequest("https://api.opsgenie.com/{path}#authorization=GenieKey+old", {
      ...sent,
      path: "/v2/alerts/a1/close",
    });
    expect(request).toMatchObject({
      url: "https://api.opsgenie.com/v2/alerts/a1/close",
      headers: { authorization: "GenieKey old" },
      body: sent.body,
    });
  });

  it("has the old routing key in it where the address gives one, and stays whole when it is no object", () => {
    const address = "https://events.pagerduty.com/v2/enqueue#routing_key=OLD";
    const body = (text: string) =>
      new TextDecoder().decode(forwardRequest(address, { ...sent, body: bytes(text) }).body ?? bytes(""));
    expect(JSON.parse(body('{"routing_key":"muster","event_action":"trigger"}'))).toEqual({
      routing_key: "OLD",
      event_action: "trigger",
    });
    expect(JSON.parse(body('{"service_key":"muster"}'))).toEqual({ service_key: "OLD" });
    expect(body("[1]")).toBe("[1]");
    expect(body("no json")).toBe("no json");
  });
});
