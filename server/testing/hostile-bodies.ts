import { gzipSync } from "node:zlib";
import { oneOf, type Random, wholeBelow } from "./seeded.ts";

/** A request body as somebody ill or ill-meaning would send it. */
export type HostileBody = { name: string; bytes: Uint8Array; contentType: string; encoding?: "gzip" };

const alertmanager = {
  version: "4",
  groupKey: '{}:{alertname="HighErrorRate"}',
  status: "firing",
  receiver: "muster",
  groupLabels: { alertname: "HighErrorRate" },
  commonAnnotations: { summary: "5xx above 5 %" },
  alerts: [
    {
      status: "firing",
      labels: { alertname: "HighErrorRate", service: "fuzz", severity: "critical" },
      annotations: { summary: "5xx above 5 %", description: "too many" },
      startsAt: "2026-11-21T09:00:00.123456789Z",
      endsAt: "0001-01-01T00:00:00Z",
      generatorURL: "http://prometheus.example/graph?g0.expr=up",
      fingerprint: "5ef77f1f8a3ecb8d",
    },
  ],
};
/** Honest bodies of several kinds, to be spoilt. */
const honest: readonly { text: string; contentType: string }[] = [
  { text: JSON.stringify(alertmanager), contentType: "application/json" },
  {
    text: JSON.stringify({ title: "Disk full", severity: "P1", dedupKey: "disk", tags: ["a:b"] }),
    contentType: "application/json",
  },
  { text: JSON.stringify([{ name: "one" }, { name: "two", status: "ok" }]), contentType: "text/plain" },
  {
    text: JSON.stringify({ Type: "Notification", Message: JSON.stringify({ AlarmName: "x", NewStateValue: "ALARM" }) }),
    contentType: "text/plain",
  },
  {
    text: `payload=${encodeURIComponent(JSON.stringify({ alert: { name: "form" } }))}`,
    contentType: "application/x-www-form-urlencoded",
  },
  {
    text: "Token=1&Status=Down&Name=Site&URL=https%3A%2F%2Fexample.com",
    contentType: "application/x-www-form-urlencoded",
  },
];

const VALUES = [
  "null",
  "true",
  "-0",
  "1e999",
  "-1e-999",
  "123456789012345678901234567890",
  "[]",
  "{}",
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '{"__proto__":{"polluted":1}}',
  '{"constructor":{"prototype":{"polluted":1}}}',
  "[[[[[[[[]]]]]]]]",
  '"0001-01-01T00:00:00Z"',
  '"9999-99-99T99:99:99Z"',
  '"javascript:alert(1)"',
  '"<script>alert(1)</script>"',
  JSON.stringify(`{{7*7}}\${7*7}`),
  "NaN",
  "undefined",
];

type Spoil = (text: string, random: Random) => string | Uint8Array;

function anyOf<T>(list: readonly T[], random: Random): T {
  return oneOf(random, list) as T;
}

/** Puts something else where a value stood. */
const otherValue: Spoil = (text, random) => {
  const places = [...text.matchAll(/(?<=[:[,])\s*(?:"(?:\\.|[^"\\])*"|-?\d[\d.eE+-]*|true|false|null)/g)];
  if (places.length === 0) return text + anyOf(VALUES, random);
  const place = anyOf(places, random);
  return text.slice(0, place.index) + anyOf(VALUES, random) + text.slice(place.index + place[0].length);
};

const spoils: Record<string, Spoil> = {
  "another value": otherValue,
  "several other values": (text, random) =>
    otherValue(String(otherValue(String(otherValue(text, random)), random)), random),
  "cut off": (text, random) => text.slice(0, wholeBelow(random, text.length)),
  "a byte flipped": (text, random) => {
    const bytes = new TextEncoder().encode(text);
    const at = wholeBelow(random, bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << wholeBelow(random, 8));
    return bytes;
  },
  "a part twice": (text, random) => {
    const [from, to] = [wholeBelow(random, text.length), wholeBelow(random, text.length)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    return text.slice(0, to) + text.slice(from);
  },
  deep: (_text, random) => {
    const depth = 1 + wholeBelow(random, random() < 0.2 ? 5_000 : 70);
    return `${'{"a":['.repeat(depth)}1${"]}".repeat(depth)}`;
  },
  wide: (_text, random) => {
    const keys = Array.from(
      { length: 1 + wholeBelow(random, random() < 0.1 ? 12_000 : 300) },
      (_, n) => `"k${n}":${n}`,
    );
    return `{"title":"wide",${keys.join(",")}}`;
  },
  "many entries": (_text, random) => {
    const entries = Array.from({ length: 1 + wholeBelow(random, 60) }, () => '{"title":"many","dedupKey":"many"}');
    return `[${entries.join(",")}]`;
  },
  "long text": (_text, random) =>
    JSON.stringify({ title: "x".repeat(wholeBelow(random, 60_000)), dedupKey: "y".repeat(wholeBelow(random, 5_000)) }),
  "another encoding": (text, random) => {
    const wide = Buffer.from(text, "utf16le");
    return random() < 0.5 ? wide : Buffer.concat([Buffer.from([0xff, 0xfe]), wide]);
  },
  "a mark before it": (text) => `\uFEFF${text}`,
  noise: (_text, random) => Uint8Array.from({ length: wholeBelow(random, 400) }, () => wholeBelow(random, 256)),
  nothing: () => "",
  untouched: (text) => text,
};
export const spoilNames: readonly string[] = Object.keys(spoils);

const CONTENT_TYPES = [
  "application/json",
  "text/plain",
  "application/x-www-form-urlencoded",
  "application/cloudevents+json",
  "multipart/form-data",
  "image/png",
  "",
];

/** The next bad body of a seed; `extra` are further honest bodies, such as recorded ones. */
export function hostileBody(random: Random, extra: readonly string[] = []): HostileBody {
  const recorded = extra.length > 0 && random() < 0.5 ? anyOf(extra, random) : null;
  const base = recorded === null ? anyOf(honest, random) : { text: recorded, contentType: "application/json" };
  const name = anyOf(spoilNames, random);
  const spoilt = (spoils[name] as Spoil)(base.text, random);
  const bytes = typeof spoilt === "string" ? new TextEncoder().encode(spoilt) : spoilt;
  const contentType = random() < 0.15 ? anyOf(CONTENT_TYPES, random) : base.contentType;
  if (random() > 0.05) return { name, bytes, contentType };
  const packed = gzipSync(bytes);
  return {
    name: `${name}, packed`,
    bytes: random() < 0.3 ? packed.subarray(0, packed.length - 5) : packed,
    contentType,
    encoding: "gzip",
  };
}

/** Small when sent, large when unpacked. */
export function gzipBomb(unpackedBytes: number): Uint8Array {
  return gzipSync(Buffer.alloc(unpackedBytes, 0x20), { level: 9 });
}
