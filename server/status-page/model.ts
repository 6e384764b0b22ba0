import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import type { Impact, UpdateStatus } from "#/server/updates/shared/lists.ts";
import type { Logo } from "./logo.ts";

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
  /** Whether somebody can subscribe by mail. */
  hasMail: boolean;
};
export type PageComponent = {
  id: string;
  name: string;
  description: string;
  status: ComponentStatus;
  position: number;
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
