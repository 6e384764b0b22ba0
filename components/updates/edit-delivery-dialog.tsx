"use client";

import { type FormEvent, useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { TextArea, TextField } from "#/components/ui/field.tsx";
import type { DeliveryView, RetryDeliveryInput, UpdateView } from "#/server/updates/contract.ts";
import { DESTINATION_LENGTH_MAX, UPDATE_BODY_LENGTH_MAX } from "#/server/updates/shared/lists.ts";

type Props = {
  /** Of the delivery in the API. */
  path: string;
  update: UpdateView;
  delivery: DeliveryView;
  onClose: () => void;
};

/** Corrects what kept one message from arriving, its address or its text, and sends it again. */
export function EditDeliveryDialog({ path, update, delivery, onClose }: Props) {
  const text = delivery.body ?? update.body;
  const isMail = delivery.channel === "email";
  const [destination, setDestination] = useState(delivery.destination);
  const [body, setBody] = useState(text);
  const { run, isPending, problem } = useSubmit(async () => {
    const input: RetryDeliveryInput = {
      ...(destination.trim() !== delivery.destination && { destination: destination.trim() }),
      ...(body.trim() !== text && { body: body.trim() }),
    };
    await api.post(`${path}/retry`, input);
    onClose();
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    void run();
  }
  return (
    <Dialog title="Edit and send" isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {delivery.lastError && (
          <p className="rounded-md border border-line bg-raised p-3 text-s wrap-anywhere">{delivery.lastError}</p>
        )}
        <TextField
          label={isMail ? "E-mail address" : "Slack channel"}
          value={destination}
          onChange={(event) => setDestination(event.target.value)}
          maxLength={DESTINATION_LENGTH_MAX}
          error={fieldProblem(problem, "/destination")}
          required
        />
        <TextArea
          label="Text"
          value={body}
          onChange={(event) => setBody(event.target.value)}
          maxLength={UPDATE_BODY_LENGTH_MAX}
          error={fieldProblem(problem, "/body")}
          hint="For this message alone: the page, and what others got, stays as it is. To change those, correct the update."
          required
        />
        <ProblemBanner problem={problem} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            Send
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
