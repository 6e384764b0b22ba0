import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import type { MaintenanceStatus } from "#/server/maintenance/shared/lists.ts";
import type { Impact, UpdateStatus } from "#/server/updates/shared/lists.ts";
import type { Logo } from "./logo.ts";
import type { StateChange } from "./uptime.ts";

/** What the public page is made of: only what was published, under public ids. */
export type PageModel = {
  page: {
    id: string;
    name: string;
    /** The origin of the public site. */
    url: string;
    /** What each address of the page ends with: the key of a page that is read by its link, else nothing. */
    suffix: string;
    timeZone: string;
    color: string | null;
    logo: Logo | null;
  };
  builtAt: Date;
  components: PageComponent[];
  /** Newest first. */
  incidents: PageIncident[];
  /** Planned and running ones, soonest first, then those that are over, newest first. */
  maintenances: PageMaintenance[];
  /** Whether somebody can subscribe by mail. */
  hasMail: boolean;
};
export type PageComponent = {
  id: string;
  name: string;
  description: string;
  /** A group's is its worst component's. */
  status: ComponentStatus;
  group: boolean;
  groupId: string | null;
  position: number;
  /** Whether its past is shown. */
  showcase: boolean;
  onlyShowIfDegraded: boolean;
  /** The first UTC day that counts, `2026-11-21`. */
  startDate: string;
  /** How it was over the days that the page shows, oldest first. */
  states: StateChange[];
  createdAt: Date;
  updatedAt: Date;
};
export type PageUpdate = {
  id: string;
  status: UpdateStatus;
  body: string;
  publishedAt: Date;
  correctedAt: Date | null;
  hasMail: boolean;
  components: { id: string; name: string; oldStatus: ComponentStatus; newStatus: ComponentStatus }[];
};
export type PageIncident = {
  id: string;
  title: string;
  impact: Impact;
  status: UpdateStatus;
  startedAt: Date;
  monitoringAt: Date | null;
  resolvedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  /** Public ids of the components that it touches, with what it says of them now. */
  components: { id: string; status: ComponentStatus }[];
  /** Newest first. */
  updates: PageUpdate[];
};
export type PageMaintenanceUpdate = Pick<PageUpdate, "id" | "body" | "publishedAt" | "correctedAt" | "components"> & {
  status: MaintenanceStatus;
  isNotified: boolean;
};
export type PageMaintenance = {
  id: string;
  title: string;
  status: MaintenanceStatus;
  scheduledFor: Date;
  scheduledUntil: Date;
  startedAt: Date | null;
  endedAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  /** Public ids of the components that it is about. */
  components: string[];
  /** Newest first. */
  updates: PageMaintenanceUpdate[];
};
