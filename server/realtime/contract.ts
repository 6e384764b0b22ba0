import type { AlertView } from "#/server/alerts/contract.ts";
import type { IncidentChangesView } from "#/server/changes/contract.ts";
import type { FileView } from "#/server/files/contract.ts";
import type { IncidentView } from "#/server/incidents/contract.ts";
import type { InvitationView } from "#/server/invitations/contract.ts";
import type { NotificationView } from "#/server/notifications/contract.ts";
import type { ChatView } from "#/server/slack/contract.ts";
import type { TaskView } from "#/server/tasks/contract.ts";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import type { TimelineCounts } from "#/server/timeline/shared/filters.ts";
import type { ToldView } from "#/server/triage/contract.ts";
import type { DraftView, UpdateView } from "#/server/updates/contract.ts";
import type { PlannedUpdateView, UpdateRulesView } from "#/server/updates/planned/contract.ts";

/** A person with at least one tab in the room; `idle` when nobody has touched any of their tabs for a while. */
export type PersonHere = { userId: string; name: string; since: string; idle: boolean; colour: number };

/** Everything the room's page shows; the state as of `seq`. */
export type RoomView = {
  seq: number;
  /** The server's clock when this was read, for countdowns. */
  serverTime: string;
  incident: IncidentView;
  /** The newest entries of the timeline. */
  entries: TimelineEntryView[];
  /** All that is pinned, also what is older than `entries`. */
  pinned: TimelineEntryView[];
  /** The part of the timeline that `entries` leaves out, and how much of it lies under each filter. */
  earlier: { beforeSeq: number; counts: TimelineCounts } | null;
  tasks: TaskView[];
  alerts: AlertView[];
  /** What fired again after its end, until somebody chooses where it goes. */
  held: AlertView[];
  updates: UpdateView[];
  /** What somebody chose beside the text of the open draft. */
  draft: DraftView | null;
  /** Updates that wait for approval, for their time, or for somebody to look. */
  planned: PlannedUpdateView[];
  /** Who has to agree to an update, and by what clock the next one is due. */
  updateRules: UpdateRulesView;
  /** Who was told while it waited in triage, and which sources were told that it is over. */
  told: ToldView;
  files: FileView[];
  /** Who was asked to come. */
  invitations: InvitationView[];
  /** What was deployed or altered around the start of the impact. */
  changes: IncidentChangesView;
  /** The incident's own channel in Slack, and how much was said there. */
  chat: ChatView;
  hasPostmortem: boolean;
  /** True when a new triage incident or update would reach nobody. */
  nobodyHears: boolean;
  /** Where an update can go; a channel that is not set up says why. */
  outlets: { pageName: string; slackChannel: string | null; isSlackReady: boolean; isMailReady: boolean };
  /** What the page says in public now, or null: `resolve` alone publishes nothing. */
  publicStatus: string | null;
};

/** A change that is committed: only the parts that changed, each as its full new state. */
export type RoomFact = { incidentId: string; seq: number } & Partial<
  Pick<
    RoomView,
    | "incident"
    | "tasks"
    | "alerts"
    | "held"
    | "updates"
    | "draft"
    | "planned"
    | "updateRules"
    | "told"
    | "files"
    | "invitations"
    | "changes"
    | "chat"
    | "hasPostmortem"
    | "publicStatus"
  >
> & { entry?: TimelineEntryView };

/** Socket.IO, client to server. Every message is acknowledged. */
export type ClientMessages = {
  /** `incident` is an id or reference; the answer holds the whole room, or null when nothing happened since `seq`. */
  "room:join": (input: { incident: string; seq?: number }, answer: (result: RoomAnswer) => void) => void;
  "room:leave": (input: { incident: string }) => void;
  /** Whether somebody is at this tab; it counts for all rooms of the connection, and only when it changes. */
  "room:idle": (input: { idle: boolean }) => void;
  /** The list page: `list:fact` follows whenever an incident that this person may see changed. */
  "list:join": (answer: (result: { ok: true }) => void) => void;
  /** The server's clock, RFC 3339, for countdowns; a client also learns that the connection lives. */
  "time:ask": (answer: (serverTime: string) => void) => void;
};
export type RoomAnswer = { ok: true; room: RoomView | null } | { ok: false; code: string; message: string };

/** Socket.IO, server to client. */
export type ServerMessages = {
  "room:fact": (fact: RoomFact) => void;
  "people:fact": (fact: { incidentId: string; people: PersonHere[] }) => void;
  "list:fact": (fact: { incident: IncidentView }) => void;
  /** To the person's own connections: something for them, or what became of it; and how many wait to be seen. */
  "notification:fact": (fact: { notification: NotificationView; unseen: number }) => void;
  /** The rights of this connection ended: 4401 signed out, 4403 role, 4404 not visible. */
  "room:closed": (fact: { incidentId: string; code: number }) => void;
};
