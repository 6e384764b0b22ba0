import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import type { UpdateStatus } from "#/server/updates/shared/lists.ts";
import type { PageComponent, PageIncident, PageModel, PageUpdate } from "./model.ts";

const NOW = new Date("2026-11-21T10:24:00.000Z");
const HOUR_MS = 3_600_000;

/** An instant so many hours before the model's. */
export function hoursAgo(hours: number): Date {
  return new Date(NOW.getTime() - hours * HOUR_MS);
}

/** A component of a page that has been there for four months. */
export function testComponent(name: string, status: ComponentStatus = "operational", position = 1): PageComponent {
  const id = `c${name.toLowerCase().replace(/[^a-z0-9]/g, "")}`.padEnd(12, "0").slice(0, 12);
  const createdAt = hoursAgo(120 * 24);
  const alone = { group: false, groupId: null, showcase: true, onlyShowIfDegraded: false, states: [] };
  const startDate = createdAt.toISOString().slice(0, 10);
  return { id, name, description: "", status, position, ...alone, startDate, createdAt, updatedAt: createdAt };
}

type Said = { status: UpdateStatus; body: string; hours: number; state?: ComponentStatus };

/** An incident that touches one component, with what was said of it, oldest first. */
export function testIncident(title: string, component: PageComponent, said: readonly Said[]): PageIncident {
  const id = `i${title.toLowerCase().replace(/[^a-z0-9]/g, "")}`.padEnd(12, "0").slice(0, 12);
  let before: ComponentStatus = "operational";
  const updates = said.map(({ status, body, hours, state }, index): PageUpdate => {
    const change = state && { id: component.id, name: component.name, oldStatus: before, newStatus: state };
    before = state ?? before;
    const publishedAt = hoursAgo(hours);
    const named = change ? [change] : [];
    return {
      id: `u${index}${id}`.slice(0, 12),
      status,
      body,
      publishedAt,
      correctedAt: null,
      hasMail: true,
      components: named,
    };
  });
  const [first, last] = [updates[0], updates.at(-1)];
  if (!first || !last) throw new Error("an incident begins with an update");
  return {
    id,
    title,
    impact: "major",
    status: last.status,
    startedAt: first.publishedAt,
    monitoringAt: null,
    resolvedAt: last.status === "resolved" ? last.publishedAt : null,
    createdAt: first.publishedAt,
    updatedAt: last.publishedAt,
    components: [{ id: component.id, status: before }],
    updates: updates.toReversed(),
  };
}

/** A page without a word on it. */
export function testModel(
  change: Partial<Omit<PageModel, "page">> & { page?: Partial<PageModel["page"]> } = {},
): PageModel {
  const { page, components = [], incidents = [], ...rest } = change;
  const statesOf = (id: string) =>
    incidents
      .flatMap(({ updates }) => updates)
      .flatMap(({ publishedAt, components: told }) =>
        told.filter((one) => one.id === id).map(({ newStatus }) => ({ at: publishedAt.getTime(), status: newStatus })),
      )
      .sort((a, b) => a.at - b.at);
  return {
    page: {
      id: "testpage0000",
      name: "Acme status",
      url: "https://status.acme.example",
      suffix: "",
      timeZone: "Etc/UTC",
      color: null,
      logo: null,
      ...page,
    },
    builtAt: NOW,
    components: components.map((one) => ({ ...one, states: statesOf(one.id) })),
    maintenances: [],
    incidents,
    hasMail: true,
    ...rest,
  };
}

/** A page as a team of some size has it: four components, one incident that goes on, some that are over. */
export function storyModel(): PageModel {
  const checkout = testComponent("Checkout", "partial_outage", 1);
  const accounts = testComponent("Accounts", "operational", 2);
  const api = { ...testComponent("API", "degraded_performance", 3), description: "REST and webhooks" };
  const search = testComponent("Search", "operational", 4);
  const told = (title: string, component: PageComponent, days: number, hours: number, state: ComponentStatus) =>
    testIncident(title, component, [
      { status: "investigating", body: "We are looking into it.", hours: days * 24 + hours, state },
      {
        status: "resolved",
        body: "A gateway setting was wrong; it was put back.",
        hours: days * 24,
        state: "operational",
      },
    ]);
  return testModel({
    components: [checkout, accounts, api, search],
    incidents: [
      testIncident("Card payments failing in Europe", checkout, [
        {
          status: "investigating",
          body: "Some card payments fail. We are looking into it.",
          hours: 0.4,
          state: "partial_outage",
        },
        {
          status: "identified",
          body: "We found the cause and are rolling back. Card payments in Europe may fail; PayPal works. Next update at 10:44 UTC.",
          hours: 0.2,
        },
      ]),
      testIncident("Slow answers of the API", api, [
        {
          status: "monitoring",
          body: "Answers take up to 3 s. A fix is rolling out.",
          hours: 2,
          state: "degraded_performance",
        },
      ]),
      told("Card tokens rejected", checkout, 2, 0.8, "major_outage"),
      told("Search results out of date", search, 19, 30, "degraded_performance"),
      told("Sign-in by SMS", accounts, 50, 6, "partial_outage"),
      told("Search away", search, 77, 3, "major_outage"),
      told("Checkout slow", checkout, 118, 3, "partial_outage"),
    ],
  });
}
