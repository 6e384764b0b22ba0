import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { auditEntries, services } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { changeService, createService, exportCatalogue, importCatalogue, listServices } from "./index.ts";
import { CATALOGUE_BYTES_MAX, CATALOGUE_SERVICES_MAX } from "./shared/lists.ts";

let t: TestCore;
let admin: UserActor;
beforeAll(async () => {
  t = await testCore();
  admin = await t.person("Ada", "admin");
});
afterAll(() => t.close());
beforeEach(async () => {
  await t.core.db.read.delete(services);
  await t.core.db.read.delete(auditEntries);
});

const read = () => exportCatalogue(t.core.db.read, t.ctx(admin));
const bring = (text: string, isDryRun = false) => importCatalogue(t.ctx(admin), { text, isDryRun });
const named = async (name: string) =>
  (await listServices(t.core.db.read, t.ctx(admin), { limit: 200 })).items.find((service) => service.name === name);

const shop = `
services:
  - name: checkout
    description: Takes the money
    tier: 1
    team: Shop
    owner: ADA@example.com
    aliases: [checkout-api, Checkout-Web]
    dependsOn: [payments, web]
    links:
      - kind: dashboard
        title: Latency
        url: https://grafana.example.com/d/1
      - url: https://wiki.example.com/checkout
    runbook: |
      # Checkout
      - [ ] roll back
  - name: payments
    tier: 2
    # Two services may need each other.
    dependsOn: [CHECKOUT-API]
  - name: web
`;

describe("an import", () => {
  test("makes services with all they have, and says so first", async () => {
    const first = await bring(shop, true);
    expect(first).toMatchObject({ isApplied: false, created: 3, changed: 0, unchanged: 0 });
    expect(await named("checkout")).toBeUndefined();
    expect(await bring(shop)).toEqual({ ...first, isApplied: true });
    expect(await named("checkout")).toMatchObject({
      description: "Takes the money",
      tier: 1,
      team: "Shop",
      owner: { id: admin.userId, name: "Ada" },
      aliases: ["checkout-api", "Checkout-Web"],
      dependsOn: [{ name: "payments" }, { name: "web" }],
      dependedOnBy: [{ name: "payments" }],
      links: [
        { kind: "dashboard", title: "Latency", url: "https://grafana.example.com/d/1" },
        { kind: "other", title: "", url: "https://wiki.example.com/checkout" },
      ],
      runbook: "# Checkout\n- [ ] roll back\n",
    });
    const audit = await t.core.db.read.select().from(auditEntries);
    expect(audit).toMatchObject([
      { action: "service.imported", detail: { created: ["checkout", "payments", "web"], changed: {} } },
    ]);
  });

  test("of the export changes nothing, and the export stays the same text", async () => {
    await bring(shop);
    const text = await read();
    expect(text).toContain("owner: ada@example.com");
    expect(await bring(text)).toMatchObject({ created: 0, changed: 0, unchanged: 3, changes: [] });
    await t.core.db.read.delete(services);
    await bring(text);
    expect(await read()).toBe(text);
  });

  test("leaves alone what the file leaves out, and empties what it says is empty", async () => {
    await bring(shop);
    const checkout = await named("checkout");
    await changeService(t.ctx(admin), { id: checkout?.id ?? "", change: { tellEmails: ["team@example.com"] } });
    const change = "services: [{name: Checkout, tier: 2, owner: null, aliases: [], dependsOn: []}]";
    const diff = await bring(change, true);
    expect(diff.changes).toEqual([
      {
        name: "Checkout",
        action: "change",
        fields: [
          { field: "name", from: "checkout", to: "Checkout" },
          { field: "tier", from: "1", to: "2" },
          { field: "owner", from: "ada@example.com", to: "" },
          { field: "aliases", from: "checkout-api, Checkout-Web", to: "" },
          { field: "dependsOn", from: "payments, web", to: "" },
        ],
      },
    ]);
    await bring(change);
    expect(await named("Checkout")).toMatchObject({
      tier: 2,
      owner: null,
      aliases: [],
      dependsOn: [],
      team: "Shop",
      tellEmails: ["team@example.com"],
      runbook: "# Checkout\n- [ ] roll back\n",
    });
    expect(await named("payments")).toMatchObject({ dependsOn: [{ name: "Checkout" }] });
  });

  test("gives a name that one service frees to another", async () => {
    await bring("services: [{name: a, aliases: [x]}, {name: b, aliases: [y]}]");
    await bring("services: [{name: a, aliases: [y]}, {name: b, aliases: [x]}]");
    expect((await named("a"))?.aliases).toEqual(["y"]);
  });

  test("reads JSON too", async () => {
    expect(await bring(JSON.stringify({ services: [{ name: "search", tier: 3 }] }))).toMatchObject({ created: 1 });
  });

  test("is for administrators, the export for everybody", async () => {
    const vera = t.ctx(await t.person("Vera", "viewer"));
    await expect(importCatalogue(vera, { text: shop, isDryRun: true })).rejects.toMatchObject({ code: "forbidden" });
    expect(await exportCatalogue(vera.db.read, vera)).toContain("services: []");
  });
});

describe("a file with mistakes", () => {
  test.each([
    [
      "services:\n  - name: a\n    owner: no@example.com\n",
      "Line 3: Nobody here has the e-mail address no@example.com.",
    ],
    ["services:\n  - name: a\n  - name: A\n", "Line 3: “A” is in the file twice."],
    ["services:\n  - name: a\n    owners: x\n", "Line 3: “owners” is not known. A service has the fields name"],
    ["service: []\n", "Line 1: “service” is not known."],
    ["services:\n  - name: a\n    tier: 5\n", "Line 3: A tier is 1, 2, 3 or 4."],
    ["services:\n  - tier: 1\n", "Line 2: "],
    ["services:\n  - name: a\n    dependsOn:\n      - nowhere\n", "Line 4: There is no service called “nowhere”"],
    ["services:\n  - name: a\n    dependsOn: [a]\n", "Line 3: A service does not depend on itself."],
    ["services:\n  - name: a\n    name: b\n", "Line 3: Map keys must be unique."],
    ["services:\n  - name: a\n    links: [{url: 'javascript:alert(1)'}]\n", "Line 3: This must be an http or https"],
    ["services:\n  - name: a\n   tier: 1\n", "Line 3: "],
    ["services: [{name: a, aliases: [b]}, {name: b}]", "“b” belongs to b already."],
    ["services: checkout", "This must be a list of services."],
    ["[".repeat(200_000), "The file cannot be read"],
  ])("%# is refused with its line, and nothing is changed", async (text, words) => {
    await expect(bring(text)).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining(words) });
    expect(await t.core.db.read.select().from(services)).toEqual([]);
  });

  test("tells all of them at once, in the order of the file", async () => {
    const text = "services:\n  - name: a\n    owner: x@example.com\n    dependsOn: [nowhere]\n";
    await expect(bring(text)).rejects.toMatchObject({
      errors: [
        { pointer: "/services/0/owner", detail: expect.stringContaining("Line 3") },
        { pointer: "/services/0/dependsOn/0", detail: expect.stringContaining("Line 4") },
      ],
    });
  });

  test("that takes another service's name or alias is refused", async () => {
    await createService(t.ctx(admin), { name: "checkout", aliases: ["shop"] });
    await expect(bring("services: [{name: Shop}]")).rejects.toThrow("“Shop” is another name of checkout already.");
    await expect(bring("services: [{name: b, aliases: [CHECKOUT]}]")).rejects.toThrow("belongs to checkout already");
  });
});

test("a catalogue is at most so long", async () => {
  const of = (count: number) => ({ services: Array.from({ length: count }, (_, n) => ({ name: `service-${n}` })) });
  const fits = JSON.stringify(of(CATALOGUE_SERVICES_MAX));
  expect(await bring(fits)).toMatchObject({ created: CATALOGUE_SERVICES_MAX });
  await expect(bring(JSON.stringify(of(CATALOGUE_SERVICES_MAX + 1)))).rejects.toMatchObject({ code: "invalid" });
  const padded = (bytes: number) => `${fits}${" ".repeat(bytes - fits.length)}`;
  expect(await bring(padded(CATALOGUE_BYTES_MAX))).toMatchObject({ unchanged: CATALOGUE_SERVICES_MAX });
  await expect(bring(padded(CATALOGUE_BYTES_MAX + 1))).rejects.toMatchObject({ code: "too_large" });
});
