import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { parseDelivery } from "./delivery.ts";
import { type Leaf, leavesOf, plainName } from "./guess/leaves.ts";
import { statusIn, statusOfPrefix, withoutStatus } from "./guess/status-words.ts";
import { type Guess, guess } from "./guess.ts";
import { hasPayloads, type PayloadRow, payloadRows, payloadsFolder, withoutPayloads } from "./sources/payloads.ts";

const one = (body: unknown) => guess(body)[0]?.report;

describe("a guess", () => {
  test.each<[string, unknown, object]>([
    [
      "reads common names",
      {
        title: "Disk full",
        status: "triggered",
        severity: "high",
        alert_id: "d-1",
        service: "db",
        url: "https://x.example/d",
      },
      { title: "Disk full", status: "firing", severity: "error", dedupKey: "d-1", service: "db" },
    ],
    [
      "looks into what is around the alert",
      { id: "evt-9", account: { name: "Acme" }, data: { alert: { id: 7, name: "High CPU", state: "closed" } } },
      { title: "High CPU", status: "resolved", dedupKey: "7" },
    ],
    ["takes a flag for a state", { name: "Backup job", resolved: true }, { status: "resolved" }],
    ["reads the state before the title", { title: "[Resolved] Queue too long" }, { status: "resolved" }],
    ["reads a sign", { text: "✅ Queue is short again" }, { status: "resolved" }],
    ["knows what negates", { name: "API", status: "not ok" }, { status: "firing" }],
    [
      "reads JSON in text",
      { Message: '{"AlarmName":"cpu","NewStateValue":"OK"}', Type: "Notification" },
      { title: "cpu", status: "resolved" },
    ],
    [
      "leaves people out",
      { message: "Login storm", user: { name: "Ann", id: 4 }, level: "critical" },
      { title: "Login storm", severity: "critical" },
    ],
  ])("%s", (_name, body, told) => expect(one(body)).toMatchObject(told));

  test("names one problem the same when it is over", () => {
    const began = one({ title: "[Triggered] Queue too long", service: "mail" });
    const ended = one({ title: "[Recovered] Queue too long", service: "mail" });
    expect(began?.dedupKey).toBe(ended?.dedupKey);
    expect([began?.status, ended?.status]).toEqual(["firing", "resolved"]);
  });

  test("reads batches, bare lists and lists inside a wrapping", () => {
    const list = [
      { name: "a", status: "down" },
      { name: "b", status: "up" },
    ];
    for (const body of [list, { incidents: list }, { payload: { events: list } }]) {
      expect(guess(body).map(({ report }) => [report.title, report.status])).toEqual([
        ["a", "firing"],
        ["b", "resolved"],
      ]);
    }
  });

  test("is clear only when the body speaks of an alert", () => {
    expect(guess({ title: "Disk full", severity: "critical" })[0]?.isClear).toBe(true);
    expect(guess({ title: "My shopping list" })[0]?.isClear).toBe(false);
    expect(guess({ hello: 1 })[0]?.isClear).toBe(false);
    expect(guess("text")[0]?.report.title).toBeNull();
  });

  test("takes no time for a body of many fields", () => {
    const wide = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`field_${n}`, { title: `t ${n}` }]));
    expect(leavesOf(wide).length).toBeLessThanOrEqual(2_000);
    expect(guess(Array.from({ length: 5_000 }, () => ({ title: "x" })))).toHaveLength(1_000);
  });
});

describe("words of a state", () => {
  test.each<[string, string | null]>([
    ["alert.resolved", "resolved"],
    ["ALERT_STATE_EVENT_END", "resolved"],
    ["incident_acknowledged", "acknowledged"],
    ["not resolved", "firing"],
    ["unresolved", "firing"],
    ["snitch.missing", "firing"],
    ["a page of text about nothing that is very long", null],
    ["blue", null],
  ])("%s", (word, status) => expect(statusIn(word)).toBe(status));

  test.each<[string, string | null, string]>([
    ["[OK] CPU alert", "resolved", "CPU alert"],
    ["RECOVERED: disk", "resolved", "disk"],
    ["[FIRING:2] disk", "firing", "disk"],
    ["[Triggered on {host:a}] CPU", "firing", "{host:a} CPU"],
    ["🔥 disk", "firing", "disk"],
    ["Payments: slow", null, "Payments: slow"],
  ])("%s", (title, status, plain) => {
    expect(statusOfPrefix(title)).toBe(status);
    expect(withoutStatus(title)).toBe(plain);
  });
});

/** Where the index says that a part of an alert lies: the values at those places. */
function places(row: PayloadRow, part: string, leaves: readonly Leaf[]): { values: string[] } {
  const told = new RegExp(`(?:^|; )${part}=([^;]*)`).exec(row.notes)?.[1] ?? "absent";
  const tokens = told.match(/[A-Za-z_@][\w.[\]@*-]*/g) ?? [];
  const values = tokens.flatMap((token) => {
    const steps = token
      .split(/[.[\]]+/)
      .filter((step) => /\D/.test(step))
      .map(plainName);
    const [name, parent] = [steps.at(-1) ?? "", steps.at(-2)];
    return leaves
      .filter((leaf) => leaf.name === name && (!parent || leaf.parent === parent || leaf.depth === 0))
      .map(({ value }) => String(value));
  });
  return { values: values.filter(Boolean) };
}

const plain = (text: string) => text.toLowerCase().replace(/\s+/g, " ").trim();
type Part = "title" | "severity" | "status" | "key" | "service";

/** Which parts of a recorded payload a guess gets right; parts that the index names nowhere are left out. */
function judge(row: PayloadRow, guesses: readonly Guess[], leaves: readonly Leaf[]): Partial<Record<Part, boolean>> {
  const reports = guesses.map(({ report }) => report);
  const among = (part: string, value: string | null | undefined) =>
    places(row, part, leaves).values.some(
      (named) => value && (plain(value).includes(plain(named)) || plain(named).includes(plain(value))),
    );
  const titled = places(row, "title", leaves).values.length > 0;
  const right: Partial<Record<Part, boolean>> = {
    title: !titled || reports.some((report) => among("title", report.title)),
    status: reports.some((report) => (report.status === "resolved") === (row.state === "resolved")),
  };
  const named = places(row, "severity", leaves).values.filter((word) => !/^(?:none|no severity|null)$/i.test(word));
  right.severity =
    named.length > 0
      ? reports.some(
          (report) => (row.state === "resolved" && report.severity === null) || among("severity", report.severityWord),
        )
      : reports.every((report) => report.severity === null);
  if (places(row, "dedup", leaves).values.length > 0)
    right.key = reports.some((report) => among("dedup", report.dedupKey));
  if (places(row, "service", leaves).values.length > 0)
    right.service = reports.some((report) => among("service", report.service));
  return right;
}

if (!hasPayloads) test.skip(`guesses at recorded payloads (${withoutPayloads})`, () => {});

test.runIf(hasPayloads)("reads recorded payloads with nothing known of their senders", () => {
  const rows = payloadRows.filter(
    ({ state, notes }) => state !== "unknown" && !/^kind=[^;]*(?:deploy|handshake|envelope)/.test(notes),
  );
  const shares: Record<Part, { right: number; of: number; wrong: string[] }> = {
    title: { right: 0, of: 0, wrong: [] },
    severity: { right: 0, of: 0, wrong: [] },
    status: { right: 0, of: 0, wrong: [] },
    key: { right: 0, of: 0, wrong: [] },
    service: { right: 0, of: 0, wrong: [] },
  };
  for (const row of rows) {
    const file = readFileSync(path.join(payloadsFolder, row.folder, row.file));
    const isQuery = row.notes.includes("query string the default GET");
    const { body } = parseDelivery({
      body: isQuery ? new Uint8Array() : file,
      query: isQuery ? file.toString("utf8").trim() : "",
      contentType: "",
      headers: {},
      route: {},
    });
    const leaves = leavesOf(body);
    const guesses = guess(body);
    for (const [part, isRight] of Object.entries(judge(row, guesses, leaves)) as [Part, boolean][]) {
      const share = shares[part];
      share.of++;
      if (isRight) share.right++;
      else {
        const { title, severityWord, status, dedupKey, service } = guesses[0]?.report ?? {};
        share.wrong.push(
          `${row.folder}/${row.case} ${JSON.stringify({ title, severityWord, status, dedupKey, service }[part === "key" ? "dedupKey" : part === "severity" ? "severityWord" : part])}`,
        );
      }
    }
  }
  for (const [part, { right, of, wrong }] of Object.entries(shares)) {
    process.stdout.write(`guess: ${part} ${right}/${of} (${((100 * right) / of).toFixed(1)} %)\n`);
    if (process.env.GUESS_SHOW) process.stdout.write(wrong.map((line) => `    ${line}\n`).join(""));
  }
  const share = (part: Part) => shares[part].right / shares[part].of;
  expect(rows.length).toBeGreaterThan(150);
  for (const part of ["title", "severity", "status", "key"] as const)
    expect(share(part), part).toBeGreaterThanOrEqual(0.9);
  expect(share("service")).toBeGreaterThanOrEqual(0.7);
});
