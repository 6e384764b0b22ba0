"use client";

import { useEffect, useRef, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { toast } from "#/components/ui/toasts.tsx";
import type { ChangeDraftInput, DraftView } from "#/server/updates/contract.ts";
import { startOf, type UpdateForm } from "./update-form.ts";

/** Long enough that a title is not sent letter by letter, short enough that others see it while they look. */
const SEND_AFTER_MS = 300;

export type SharedForm = {
  form: UpdateForm;
  change: (part: Partial<UpdateForm>) => void;
  /** Fields that nobody chose follow the incident as it is now. */
  restart: () => void;
  /** Lets every field follow the incident again, for everybody; answers with what brings the choices back. */
  forget: () => () => void;
};

/** What the server took, until the room shows it: without it a field would jump back for a moment. */
type Taken = { fields: Partial<UpdateForm>; at: string };

/** Those of the changed fields that were changed again since they were sent. Pure. */
function withoutSent(changed: Partial<UpdateForm>, sent: Partial<UpdateForm>): Partial<UpdateForm> {
  return Object.fromEntries(Object.entries(changed).filter(([key, value]) => sent[key as keyof UpdateForm] !== value));
}

const nothingChosen: Required<ChangeDraftInput> = {
  status: null,
  audience: null,
  title: null,
  channels: null,
  components: null,
  next: null,
  wordings: null,
  byHand: null,
};

/**
 * What is chosen beside the draft's text: one choice for everybody who writes it, kept by the server. What changes here
 * shows at once and reaches the others a moment later; while the server is away it stays in this tab.
 */
export function useUpdateForm(): SharedForm {
  const { incident, updates, draft, updateRules } = useRoom().room;
  const [start, setStart] = useState(() => startOf(incident, updates, updateRules));
  const [changed, setChanged] = useState<Partial<UpdateForm>>({});
  const [taken, setTaken] = useState<Taken | null>(null);
  const isSending = useRef(false);
  useEffect(() => {
    if (Object.keys(changed).length === 0) return;
    const timer = setTimeout(() => {
      if (isSending.current) return;
      isSending.current = true;
      api
        .patch<DraftView>(incidentPath(incident.id, "update-draft"), changed as ChangeDraftInput)
        .then((view) => {
          setTaken((before) => ({ fields: { ...before?.fields, ...changed }, at: view.changedAt }));
          setChanged((now) => withoutSent(now, changed));
        })
        // It is still chosen here, and is sent with the next change or with the update itself.
        .catch(() => undefined)
        .finally(() => {
          isSending.current = false;
        });
    }, SEND_AFTER_MS);
    return () => clearTimeout(timer);
  }, [changed, incident.id]);
  function restart(): void {
    setStart(startOf(incident, updates, updateRules));
    setTaken(null);
    setChanged({});
  }
  const isShown = taken === null || (draft !== null && draft.changedAt >= taken.at);
  useEffect(() => {
    if (isShown) setTaken(null);
  }, [isShown]);
  const shared = draft?.fields as Partial<UpdateForm> | undefined;
  return {
    form: { ...start, ...shared, ...(isShown ? {} : taken.fields), ...changed },
    change: (part) => setChanged((before) => ({ ...before, ...part })),
    restart,
    forget() {
      const chosen = { ...shared, ...taken?.fields, ...changed };
      restart();
      const write = (fields: ChangeDraftInput) =>
        api
          .patch(incidentPath(incident.id, "update-draft"), fields)
          .catch((error: unknown) => toast(problemText(error), "bad"));
      void write(nothingChosen);
      return () => void write(chosen as ChangeDraftInput);
    },
  };
}
