"use client";

import { type ReactNode, useState } from "react";
import { Button } from "#/components/ui/button.tsx";
import { Tag, type Tone } from "#/components/ui/tag.tsx";
import { Countdown, Time } from "#/components/ui/time.tsx";
import type { PlannedUpdateView } from "#/server/updates/planned/contract.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import { ChangePlannedDialog } from "./approval-change.tsx";
import { ReasonDialog } from "./approval-dialogs.tsx";
import { PlannedText } from "./approval-text.tsx";
import { usePlannedActs } from "./use-planned-acts.ts";
import { channelWords } from "./words.ts";

const states: Partial<Record<PlannedUpdateView["state"], { word: string; tone: Tone }>> = {
  waiting: { word: "Waits for approval", tone: "warn" },
  scheduled: { word: "Scheduled", tone: "plain" },
  declined: { word: "Declined", tone: "bad" },
  refused: { word: "Not published", tone: "bad" },
};

/** What an update will be: to whom, over what, and with which status. */
export function plannedWhat({ kind, audience, update }: PlannedUpdateView): string {
  const to = audience === "public" ? "Public" : "Internal";
  if (!update) return `${kind === "correction" ? "Correction" : "Update"} · ${to}`;
  return `${updateStatusWords[update.status]} · ${to} · ${update.channels.map((each) => channelWords[each]).join(", ")}`;
}

/** Where it stands, in a sentence. */
function Standing({ planned }: { planned: PlannedUpdateView }) {
  const { commander, canBypass } = usePlannedActs(planned);
  const { publishAt, approvedBy } = planned;
  const time = publishAt && <Time at={publishAt} format="day-time" className="font-semibold text-text" />;
  if (planned.state === "scheduled" && publishAt) {
    return (
      <>
        Goes out at {time}, in <Countdown at={publishAt} />.{" "}
        {approvedBy &&
          (planned.isBypassed ? `Without approval, by ${approvedBy.name}.` : `Approved by ${approvedBy.name}.`)}
      </>
    );
  }
  if (planned.state === "waiting") {
    if (planned.rule === "none") return <>Nobody has to approve it any more.</>;
    const who =
      planned.rule === "two_people" ? "A second person" : (commander?.name ?? "Nobody commands: the commander");
    return (
      <>
        {who} approves it{publishAt && <>, then it goes out at {time}</>}.{" "}
        {!canBypass && (
          <>
            Without approval in <Countdown at={planned.bypassFrom} />.
          </>
        )}
      </>
    );
  }
  return (
    <>
      {planned.endedBy && planned.state === "declined" && `${planned.endedBy}: `}
      {planned.reason}
    </>
  );
}

/** Something that waits in the room, with what changed of it and what can be done about it. */
export function PlannedCard({ planned }: { planned: PlannedUpdateView }) {
  const state = states[planned.state];
  if (!state) return null;
  return (
    <li className="mb-2 rounded-md border border-dashed border-line-strong bg-panel p-3 text-s">
      <header className="mb-1 flex flex-wrap items-baseline gap-x-2">
        <Tag tone={state.tone}>{state.word}</Tag>
        <span className="min-w-0 text-muted">{plannedWhat(planned)}</span>
        <span className="ml-auto text-xs text-muted">
          <Time at={planned.askedAt} /> · {planned.askedBy.name}
        </span>
      </header>
      <PlannedText planned={planned} />
      <p className="mt-1.5 text-muted wrap-anywhere">
        <Standing planned={planned} />
      </p>
      {planned.hindrance && (
        <p className="mt-1 text-bad wrap-anywhere">
          <span aria-hidden="true">! </span>
          {planned.hindrance}
        </p>
      )}
      <PlannedButtons planned={planned} className="mt-2" />
    </li>
  );
}

type ButtonsProps = { planned: PlannedUpdateView; className?: string; isShort?: boolean; children?: ReactNode };

/** The presses: whoever can approve does so with one. `isShort` leaves out what only the panel offers. */
export function PlannedButtons({ planned, className = "", isShort = false }: ButtonsProps) {
  const acts = usePlannedActs(planned);
  const [dialog, setDialog] = useState<"decline" | "bypass" | "change" | null>(null);
  const close = () => setDialog(null);
  if (!acts.canWrite) return null;
  const { state } = planned;
  // In a banner there is nothing louder beside them.
  const quiet = isShort ? undefined : "quiet";
  const isOver = state === "declined" || state === "refused";
  const button = (label: string, onClick: () => void, variant?: "primary" | "quiet" | "danger") => (
    <Button size="s" variant={variant} isPending={acts.isPending} onClick={onClick}>
      {label}
    </Button>
  );
  return (
    <div className={`flex flex-wrap gap-2 max-[900px]:*:min-h-11 ${className}`}>
      {acts.isApprover && !planned.hindrance && button("Approve", acts.approve, "primary")}
      {acts.isApprover && button("Decline", () => setDialog("decline"))}
      {acts.canBypass &&
        !acts.isApprover &&
        !planned.hindrance &&
        button("Publish without approval", () => setDialog("bypass"))}
      {planned.hindrance && state === "waiting" && button("Ask again", acts.askAgain)}
      {state === "scheduled" && !isShort && button("Publish now", acts.publishNow)}
      {(!isShort || isOver) && button("Change", () => setDialog("change"), quiet)}
      {(!isShort || isOver) && button(isOver ? "Discard" : "Take back", acts.cancel, quiet)}
      {dialog === "change" && <ChangePlannedDialog planned={planned} onClose={close} />}
      {(dialog === "decline" || dialog === "bypass") && (
        <ReasonDialog planned={planned} what={dialog} onClose={close} />
      )}
    </div>
  );
}
