import { textIn } from "#/components/api/form-values.ts";
import { asField, instantIn, later } from "#/components/mutes/mute-form.ts";
import type { MaintenanceView, ScheduleMaintenanceInput } from "#/server/maintenance/contract.ts";
import { type MaintenanceChannel, maintenanceChannels, REMINDERS_DEFAULT } from "#/server/maintenance/shared/lists.ts";

const HOUR_MS = 3_600_000;
const DAY_MINUTES = 24 * 60;

/** How long it lasts, as a press offers it, in minutes. */
export const maintenanceSpans = [
  { minutes: 30, label: "30 minutes" },
  { minutes: 60, label: "1 hour" },
  { minutes: 120, label: "2 hours" },
  { minutes: 240, label: "4 hours" },
  { minutes: 480, label: "8 hours" },
] as const;
/** The choice that asks for an end instead. */
export const UNTIL_AN_END = "until";

/** When people can be reminded, in minutes before the start. */
export const reminderChoices = [
  { minutes: 7 * DAY_MINUTES, label: "A week before" },
  { minutes: DAY_MINUTES, label: "A day before" },
  { minutes: 60, label: "An hour before" },
  { minutes: 15, label: "15 minutes before" },
] as const;

/** What is offered for the time of verifying at the end, in minutes. */
export const verifyChoices = [0, 10, 15, 30, 60] as const;

export type MaintenanceStart = {
  title: string;
  from: string;
  until: string;
  components: string[];
  verifyMinutes: number;
  reminders: number[];
  channels: MaintenanceChannel[];
  muteServices: string[];
};

/** A new maintenance as the form opens: tomorrow at a full hour, for one hour. Instants are RFC 3339. Pure. */
export function blankMaintenance(nowMs: number): MaintenanceStart {
  const from = new Date(Math.ceil((nowMs + 24 * HOUR_MS) / HOUR_MS) * HOUR_MS).toISOString();
  return {
    title: "",
    from,
    until: later(from, 60),
    components: [],
    verifyMinutes: 0,
    reminders: [...REMINDERS_DEFAULT],
    channels: [...maintenanceChannels],
    muteServices: [],
  };
}

/** The form of one that is changed. Pure. */
export function startOf(maintenance: MaintenanceView): MaintenanceStart {
  const { title, from, until, verifyMinutes, reminders, channels } = maintenance;
  return {
    ...{ title, from, until, verifyMinutes, reminders, channels },
    components: maintenance.components.map(({ id }) => id),
    muteServices: maintenance.muteServices.map(({ name }) => name),
  };
}

/** The choice of length that a window has. Pure. */
export function spanOf(from: string, until: string): string {
  const minutes = (Date.parse(until) - Date.parse(from)) / 60_000;
  return maintenanceSpans.some((span) => span.minutes === minutes) ? String(minutes) : UNTIL_AN_END;
}

type Window = { from: string; until: string };

/** A field's instant; the one it was opened with when it says the same minute: fields know no seconds. Pure. */
function instantAt(form: FormData, name: "from" | "until", before: Window | null): string {
  const at = instantIn(form, name) ?? "";
  return before && at !== "" && asField(at) === asField(before[name]) ? before[name] : at;
}

/** The window that the fields say; empty text for what is not there. `before`: what the form opened with. Pure. */
export function windowIn(form: FormData, before: Window | null = null): Window {
  const from = instantAt(form, "from", before);
  const span = textIn(form, "span");
  const until = span === UNTIL_AN_END || from === "" ? instantAt(form, "until", before) : later(from, Number(span));
  return { from, until };
}

const texts = (form: FormData, name: string) => form.getAll(name).filter((value) => typeof value === "string");

/** What the form says. Reminders that no choice stands for stay as they were, and so do seconds. Pure. */
export function maintenanceIn(form: FormData, before: MaintenanceStart): ScheduleMaintenanceInput {
  const known: readonly number[] = reminderChoices.map(({ minutes }) => minutes);
  const kept = before.reminders.filter((minutes) => !known.includes(minutes));
  return {
    title: textIn(form, "title"),
    body: textIn(form, "body"),
    ...windowIn(form, before),
    components: texts(form, "components"),
    verifyMinutes: Number(textIn(form, "verifyMinutes")),
    reminders: [...kept, ...texts(form, "reminders").map(Number)],
    channels: maintenanceChannels.filter((channel) => texts(form, "channels").includes(channel)),
    muteServices: texts(form, "muteServices"),
  };
}
