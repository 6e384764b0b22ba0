import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Plan } from "./command.ts";
import { commandOf, commands, completionsOf, isComplete, offered, planOfLine, slashCommands } from "./commands.ts";
import { parseLine } from "./parse-line.ts";
import { ada, incidentWith, lin, linda, NOW, noChanges, noteBy, roleOf, worldWith } from "./test-world.ts";

const path = "/api/v1/incidents/i-1";
/** What a line asks of the server, or the words that refuse it. */
function asked(line: string, world = worldWith()) {
  const parsed = parseLine(line);
  if (parsed.kind === "note") return "a note";
  const plan = planOfLine(parsed.name, parsed.argument, world);
  if (plan.kind === "refused") return plan.problem;
  return plan.kind === "calls" ? plan.first : plan;
}
function undoOf(plan: Plan, answers: readonly unknown[] = []) {
  return plan.kind === "calls" ? (plan.undo?.calls(answers) ?? null) : null;
}

describe("the lines of the note field", () => {
  it.each([
    ["/sev 2", { method: "patch", path, body: { severity: "SEV2" } }],
    ["/status identified", { method: "patch", path, body: { status: "identified" } }],
    ["/status resolved", { kind: "show", what: "resolve" }],
    ["/next 20m", { method: "patch", path, body: { nextUpdateDueAt: new Date(NOW + 20 * 60_000).toISOString() } }],
    ["/next none", { method: "patch", path, body: { nextUpdateDueAt: null } }],
    ["/resolve", { kind: "show", what: "resolve" }],
    ["/resolve Rolled back 42", { method: "post", path: `${path}/resolve`, body: { summary: "Rolled back 42" } }],
    ["/update", { kind: "show", what: "update" }],
    ["/holding", { kind: "show", what: "holding" }],
    ["/update We know more", { kind: "show", what: "update", text: "We know more" }],
    ["/role commander", { method: "put", path: `${path}/roles/commander`, body: {} }],
    ["/role ic me", { method: "put", path: `${path}/roles/commander`, body: {} }],
    ["/role ops Linda", { method: "post", path: `${path}/roles/operations/offer`, body: { userId: linda.id } }],
    [
      "/task Roll back @Lin Wei 10m",
      { method: "post", path: `${path}/tasks`, body: { title: "Roll back", ownerId: lin.id, minutes: 10 } },
    ],
    [
      "/decide Roll back first",
      { method: "post", path: `${path}/timeline`, body: { body: "Roll back first", mark: "decision" } },
    ],
    [
      "/todo Alert on pool size",
      { method: "post", path: `${path}/timeline`, body: { body: "Alert on pool size", mark: "follow_up" } },
    ],
    ["/pin Bridge is open", { method: "post", path: `${path}/timeline`, body: { body: "Bridge is open" } }],
    [
      "/link https://meet.example/x The bridge",
      {
        method: "patch",
        path,
        body: { links: [{ kind: "link", title: "The bridge", url: "https://meet.example/x" }] },
      },
    ],
    [
      "/page Lin Wei the database is yours",
      { method: "post", path: `${path}/invitations`, body: { userId: lin.id, message: "the database is yours" } },
    ],
    ["/page linda", { method: "post", path: `${path}/invitations`, body: { userId: linda.id } }],
    ["/page checkout", { method: "post", path: `${path}/invitations`, body: { serviceId: "s-1" } }],
    ["//sev is a command", "a note"],
  ])("%s", (line, expected) => {
    expect(asked(line)).toEqual(expected);
  });

  it.each([
    ["/sev bad", /SEV1/],
    ["/status investigating", /already/],
    ["/next soon", /20m/],
    ["/role", /Say which role: commander/],
    ["/role comm", /Say which role/],
    ["/role commander Bob", /Nobody here is called Bob/],
    ["/role commander Lin", /Write more/],
    ["/task", /what is to be done/],
    ["/decide", /Say what/],
    ["/pin", /no note yet/],
    ["/link javascript:alert(1)", /https/],
    ["/link", /https/],
    ["/page", /Say whom/],
    ["/page me", /begins with that name/],
    ["/handover Lin Wei", /cannot be used here and now/],
    ["/undo", /cannot be used here and now/],
    ["/nonsense", /no command \/nonsense.*\/\//],
  ])("%s is refused in words that help", (line, words) => {
    expect(asked(line)).toMatch(words);
  });

  it("hands over the role that one holds; with two of them it asks which", () => {
    const one = worldWith({ roles: [roleOf("commander", ada), roleOf("scribe")] });
    const offer = { method: "post", path: `${path}/roles/commander/offer`, body: { userId: lin.id } };
    expect(asked("/handover Lin Wei", one)).toEqual(offer);
    expect(asked("/handover commander Lin Wei", one)).toEqual(offer);
    expect(asked("/handover", one)).toMatch(/Say who/);
    const two = worldWith({ roles: [roleOf("commander", ada), roleOf("scribe", ada)] });
    expect(asked("/handover Lin Wei", two)).toMatch(/commander and scribe/);
    expect(asked("/handover commander Lin Wei", two)).toEqual(offer);
  });

  it("pins the newest note that still has its text", () => {
    const entries = [noteBy("Ada", "n-1"), noteBy("Lin", "n-2"), noteBy("Lin", "n-3", "2026-11-21T10:00:00.000Z")];
    const world = worldWith({}, { room: { incident: incidentWith(), entries, changes: noChanges } });
    expect(asked("/pin", world)).toEqual({ method: "patch", path: `${path}/timeline/n-2`, body: { pinned: true } });
  });

  it("attaches a change by its title, and takes it back", () => {
    const change = (id: string, title: string, isSuspect = false) => ({ id, title, reason: "why", isSuspect });
    const items = [change("c-1", "Deploy v42"), change("c-2", "Deploy v43"), change("c-3", "Flag on", true)];
    const room = { incident: incidentWith(), entries: [], changes: { ...noChanges, items: items as never } };
    const world = worldWith({}, { room });
    const call = { method: "put", path: `${path}/changes/c-1/suspect` };
    expect(asked("/suspect deploy V42", world)).toEqual(call);
    expect(undoOf(planOfLine("suspect", "v42", world))).toEqual([{ ...call, method: "delete" }]);
    expect(asked("/suspect deploy", world)).toMatch(/Write more/);
    expect(asked("/suspect flag", world)).toMatch(/No change here/);
    expect(asked("/suspect flag", worldWith())).toMatch(/cannot be used/);
    const suspect = commandOf("suspect", world);
    expect(suspect && completionsOf(suspect, "43", world)).toMatchObject([{ text: "Deploy v43", detail: "why" }]);
  });

  it("accepts a role that was offered, and does not take one that is held", () => {
    const world = worldWith({ roles: [roleOf("commander", lin, ada), roleOf("scribe", null, ada)] });
    expect(asked("/role scribe", world)).toEqual({ method: "post", path: `${path}/roles/scribe/accept` });
    expect(asked("/role commander", world)).toMatch(/Lin Wei is commander/);
  });
});

describe("undo", () => {
  const planned = (name: string, argument: string, world = worldWith()) => planOfLine(name, argument, world);

  it("puts back what was there, and says what must still be so", () => {
    const plan = planned("sev", "SEV1", worldWith({ severity: "SEV3" }));
    expect(undoOf(plan)).toEqual([{ method: "patch", path, body: { severity: "SEV3" } }]);
    expect(plan).toMatchObject({ undo: { expects: { severity: "SEV1" } } });
  });

  it.each([
    ["role", "scribe", [], [{ method: "delete", path: `${path}/roles/scribe` }]],
    ["role", "scribe Lin Wei", [], [{ method: "delete", path: `${path}/roles/scribe/offer` }]],
    ["task", "Look", [{ id: "t-1" }], [{ method: "patch", path: `${path}/tasks/t-1`, body: { status: "cancelled" } }]],
    ["decide", "So", [{ id: "n-1" }], [{ method: "delete", path: `${path}/timeline/n-1` }]],
    ["resolve", "So", [], [{ method: "post", path: `${path}/reopen` }]],
  ])("/%s %s", (name, argument, answers, calls) => {
    expect(undoOf(planned(name, argument), answers)).toEqual(calls);
  });

  it("leads from resolved back to the status before", () => {
    expect(undoOf(planned("resolve", "So", worldWith({ status: "monitoring" })))).toEqual([
      { method: "post", path: `${path}/reopen` },
      { method: "patch", path, body: { status: "monitoring" } },
    ]);
  });
});

describe("links", () => {
  const entries = [noteBy("Ada", "n-1"), noteBy("Lin", "n-2")];
  const textOf = (entryId: string | null) => {
    const world = worldWith({}, { entryId, room: { incident: incidentWith(), entries, changes: noChanges } });
    const plan = commandOf("copy-entry", world)?.plan("", world);
    return plan?.kind === "copy" ? plan.text : null;
  };

  it("leads to the entry with the focus, else to the newest", () => {
    expect(textOf("n-1")).toBe("/incidents/INC-1#t=n-1");
    expect(textOf(null)).toBe("/incidents/INC-1#t=n-2");
  });
});

describe("what is offered", () => {
  const ids = (world: ReturnType<typeof worldWith>) => offered(world).map((command) => command.id);

  it("gives a viewer nothing that writes", () => {
    const world = worldWith({}, { me: { ...ada, canWrite: false, isAdmin: false } });
    expect(slashCommands(world)).toEqual([]);
    expect(offered(world).filter((command) => ["Incident", "Roster", "Timeline"].includes(command.group))).toEqual([]);
    expect(ids(world)).not.toContain("declare");
    expect(ids(world)).toEqual(expect.arrayContaining(["go-alerts", "postmortem", "copy-link", "zone-local"]));
  });

  it("gives the settings' sections to administrators", () => {
    expect(ids(worldWith())).not.toContain("go-settings-people");
    expect(ids(worldWith({}, { me: { ...ada, canWrite: true, isAdmin: true } }))).toContain("go-settings-people");
  });

  it("follows the incident's life", () => {
    expect(ids(worldWith({ status: "triage" }))).toEqual(
      expect.arrayContaining(["accept", "accept-as", "decline", "merge"]),
    );
    expect(ids(worldWith({ status: "triage" }))).not.toContain("status");
    expect(ids(worldWith({ status: "resolved" }))).toEqual(expect.arrayContaining(["reopen", "close", "severity"]));
    expect(ids(worldWith({ status: "resolved" }))).not.toContain("resolve");
    expect(ids(worldWith({}, { room: null, path: "/alerts" }))).not.toContain("status");
  });

  it("offers each role by its name", () => {
    const world = worldWith({ roles: [roleOf("commander"), roleOf("operations", lin), roleOf("scribe", ada)] });
    expect(ids(world)).toEqual(expect.arrayContaining(["claim-commander", "take-over-operations", "release-scribe"]));
  });

  it("has each id and each slash once", () => {
    const all = commands.map((command) => command.id);
    expect(new Set(all).size).toBe(all.length);
    const names = commands.flatMap((command) => command.slash ?? []);
    expect(new Set(names).size).toBe(names.length);
    const wanted = "status sev role task decide todo update holding next page resolve pin link handover".split(" ");
    expect(names).toEqual(expect.arrayContaining(wanted));
  });
});

describe("going on with an argument", () => {
  const labels = (id: string, text: string, world = worldWith()) => {
    const command = commandOf(id, world);
    return command ? completionsOf(command, text, world).map((each) => each.text) : null;
  };

  it.each([
    ["severity", "", ["SEV1", "SEV2", "SEV3", "SEV4", "SEV5"]],
    ["severity", "2", ["SEV2"]],
    ["status", "mon", ["monitoring"]],
    ["role", "com", ["commander", "communications"]],
    ["role", "commander li", ["commander Lin Wei", "commander Linda"]],
    ["role", "commander wei", ["commander Lin Wei"]],
    ["next", "1", ["10m", "15m", "1h"]],
    ["task", "Roll back @li", ["Roll back @Lin Wei", "Roll back @Linda"]],
    ["task", "Roll back @Lin Wei", []],
    ["page", "che", ["checkout"]],
  ])("%s %j", (id, text, expected) => {
    expect(labels(id, text)).toEqual(expected);
  });

  it("puts people who are here first", () => {
    expect(labels("page", "lin", worldWith({}, { here: new Set([linda.id]) }))).toEqual(["Linda", "Lin Wei"]);
  });

  it("runs what is whole and asks on for what is not", () => {
    const world = worldWith();
    const complete = (id: string, text: string) => {
      const command = commandOf(id, world);
      return command ? isComplete(command, text, world) : null;
    };
    expect(complete("severity", "")).toBe(false);
    expect(complete("severity", "2")).toBe(true);
    expect(complete("resolve", "")).toBe(true);
    expect(complete("role", "comm")).toBe(false);
  });

  it("never throws, whatever is typed, and always answers in words or with a plan", () => {
    const world = worldWith();
    fc.assert(
      fc.property(fc.constantFrom(...offered(world)), fc.string({ maxLength: 80 }), (command, text) => {
        for (const each of completionsOf(command, text, world)) expect(each.text).not.toBe("");
        const plan = command.plan(text.trim(), world);
        if (plan.kind === "refused") expect(plan.problem).toMatch(/[.]$/);
      }),
    );
  });

  it("offers as whole only what is then done", () => {
    const world = worldWith();
    for (const command of offered(world)) {
      for (const each of completionsOf(command, "", world).filter((completion) => completion.isWhole)) {
        const plan = command.plan(each.text, world);
        if (plan.kind === "refused") expect(plan.problem).toMatch(/already/);
      }
    }
  });
});
