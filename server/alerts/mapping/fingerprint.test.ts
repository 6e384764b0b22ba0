import { expect, test } from "vitest";
import { labelFingerprint } from "./fingerprint.ts";
import { labelsOf } from "./labels.ts";
import { plainOfSlack } from "./slack-text.ts";

/** The same sum with big numbers, as the algorithm is written down. */
function reference(labels: Record<string, string>): string {
  let sum = 0xcbf29ce484222325n;
  for (const name of Object.keys(labels).sort()) {
    for (const byte of [...Buffer.from(name), 0xff, ...Buffer.from(labels[name] ?? ""), 0xff]) {
      sum = ((sum ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
    }
  }
  return sum.toString(16).padStart(16, "0");
}

test.each([
  [{ a: "b" }],
  [{ alertname: "HighCPU", instance: "web-1:9100", z: "", Z: "ü€𝄞" }],
  [{ x: "y".repeat(500) }],
])("the fingerprint of %j is FNV-1a of its sorted pairs", (labels) =>
  expect(labelFingerprint(labels)).toBe(reference(labels)),
);
test("no labels have no fingerprint", () => expect(labelFingerprint({})).toBeNull());

test.each([
  ["*<https://x.example/a|High CPU>* &amp; more", "High CPU & more"],
  ["<https://x.example/a>", "https://x.example/a"],
  ["<!channel> <@U1> `web-1` is _down_", "web-1 is down"],
  [":fire: *Disk* full: 5 * 3 * 2", "Disk full: 5 * 3 * 2"],
  ["snake_case_name and a<b", "snake_case_name and a<b"],
])("%s reads %s", (text, plain) => expect(plainOfSlack(text)).toBe(plain));

test("labels in a text: bullets and emphasis are no part of them, annotations are no labels", () => {
  const text =
    "Labels:\n - alertname = High\n - job = a = b\nAnnotations:\n - summary = no label\nSource: x\n\nLabels:\n • *team:* `pay`";
  const roots = { item: { text }, body: {}, headers: {}, query: {}, route: {} };
  expect(labelsOf(["text"], { roots, names: {} })).toEqual({ alertname: "High", job: "a = b", team: "pay" });
});
