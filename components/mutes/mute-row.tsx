"use client";

import Link from "next/link";
import { api, fieldProblem, problemText } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { Row } from "#/components/settings/rows.tsx";
import { useRefreshed } from "#/components/settings/use-refreshed.ts";
import { useNow } from "#/components/ui/clock.tsx";
import { TextField } from "#/components/ui/field.tsx";
import { Menu } from "#/components/ui/menu.tsx";
import { Time } from "#/components/ui/time.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { AlertMuteView } from "#/server/alerts/muting/contract.ts";
import { asField, instantIn, later, muteSpans, spanInWords } from "./mute-form.ts";

type Props = { mute: AlertMuteView; canChange: boolean };

/** A mute as acts name it: `the mute of checkout`. */
function nameOf({ services, condition }: AlertMuteView): string {
  return `the mute of ${services.map(({ name }) => name).join(", ") || condition}`;
}

/** One mute: what it keeps quiet, why, until when, and what can be done with it. */
export function MuteRow({ mute, canChange }: Props) {
  const { services, condition, reason, state, suppressed } = mute;
  return (
    <Row
      title={
        <>
          {services.map(({ name }) => name).join(", ") || "All services"}
          {condition && (
            <>
              {" where "}
              <code className="font-mono text-xs wrap-anywhere">{condition}</code>
            </>
          )}
        </>
      }
      facts={
        <>
          <p>{reason}</p>
          <p>
            <QuietTime {...mute} />
            {state === "active" && suppressed === 0 && " · nothing came yet"}
          </p>
        </>
      }
      acts={canChange && state !== "ended" && <MuteActs mute={mute} />}
    />
  );
}

type QuietProps = Pick<AlertMuteView, "state" | "from" | "until" | "by" | "suppressed">;

/** From when until when something keeps alerts quiet, by whom, and how many. */
export function QuietTime({ state, from, until, by, suppressed }: QuietProps) {
  return (
    <>
      {state !== "ended" && <Ahead state={state} from={from} until={until} />}
      <Time at={from} format="day-time" /> – <Time at={until} format="day-time" />
      {` · by ${by}`}
      {suppressed > 0 && (
        <>
          {" · "}
          <Link href="/alerts?status=suppressed" className="inline-block min-h-6 text-accent underline">
            keeps {suppressed} alert{suppressed === 1 ? "" : "s"} quiet
          </Link>
        </>
      )}
    </>
  );
}

/** How long it still lasts, or until it begins. */
function Ahead({ state, from, until }: Pick<AlertMuteView, "state" | "from" | "until">) {
  const now = useNow();
  const isActive = state === "active";
  return (
    <span className="font-[550] text-text tabular-nums">
      {isActive ? "ends in " : "begins in "}
      {spanInWords(Date.parse(isActive ? until : from) - now)}
      {" · "}
    </span>
  );
}

function MuteActs({ mute }: { mute: AlertMuteView }) {
  const refreshed = useRefreshed();
  const path = `/api/v1/alert-mutes/${mute.id}`;
  const name = nameOf(mute);
  const setUntil = (until: string) => refreshed(api.patch(path, { until }));
  const tell = (error: unknown) => toast(problemText(error), "bad");
  function extend(minutes: number): void {
    const undo = () => void setUntil(mute.until).catch(tell);
    setUntil(later(mute.until, minutes))
      .then(() => toast("Extended.", "ok", { label: "Undo", run: undo }))
      .catch(tell);
  }
  return (
    <>
      <Menu
        size="s"
        variant="quiet"
        label={`Extend ${name}`}
        items={muteSpans.map(({ minutes, label }) => ({ label: `${label} more`, onSelect: () => extend(minutes) }))}
      >
        Extend
      </Menu>
      <FormDialog
        label="Change"
        title={`Change ${name}`}
        size="s"
        variant="quiet"
        onSubmit={(form) => refreshed(api.patch(path, changeIn(form)), "Saved.")}
      >
        {(problem) => <ChangeFields mute={mute} problem={problem} />}
      </FormDialog>
      {mute.state === "active" ? (
        <ConfirmButton
          label="End now"
          title={`End now ${name}`}
          onConfirm={() =>
            refreshed(api.patch(path, { ended: true }), "Ended. What still fires is placed within seconds.")
          }
        >
          {mute.suppressed > 0
            ? `${mute.suppressed} alert${mute.suppressed === 1 ? "" : "s"} that it keeps quiet and that still fire are placed by the routes: they may open incidents, and people are told.`
            : "What comes from now on is placed by the routes again."}
        </ConfirmButton>
      ) : (
        <ConfirmButton
          label="Delete"
          title={`Delete ${name}`}
          onConfirm={() => refreshed(api.delete(path), "Deleted. It will not begin.")}
        >
          It has not begun, and will not.
        </ConfirmButton>
      )}
    </>
  );
}

function changeIn(form: FormData) {
  return { until: instantIn(form, "until") ?? "", reason: textIn(form, "reason") };
}

function ChangeFields({ mute, problem }: { mute: AlertMuteView; problem: unknown }) {
  return (
    <>
      <TextField
        label="Until (UTC)"
        name="until"
        type="datetime-local"
        defaultValue={asField(mute.until)}
        error={fieldProblem(problem, "/until")}
        required
      />
      <TextField
        label="Reason"
        name="reason"
        defaultValue={mute.reason}
        maxLength={500}
        error={fieldProblem(problem, "/reason")}
        required
      />
    </>
  );
}
