"use client";

import { useRouter } from "next/navigation";
import { useEffect, useId, useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { DialogActions } from "#/components/ui/dialog.tsx";
import { Checkbox, TextArea, TextField } from "#/components/ui/field.tsx";
import type { CreateIncidentInput, IncidentView } from "#/server/incidents/contract.ts";
import { PROSE_LENGTH_MAX, type Severity, TITLE_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { SeverityChoice } from "./severity-choice.tsx";

/** The names of the services there are, for suggestions; none when they cannot be read. */
function useServiceNames(): readonly string[] {
  const [names, setNames] = useState<string[]>([]);
  useEffect(() => {
    api
      .get<{ items: { name: string }[] }>("/api/v1/services?limit=200")
      .then((page) => setNames(page.items.map((service) => service.name)))
      .catch(() => undefined);
  }, []);
  return names;
}

function namesIn(text: string): string[] {
  return text
    .split(",")
    .map((name) => name.trim())
    .filter(Boolean);
}

/** A title is enough; then to the room. */
export function DeclareForm({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const listId = useId();
  const names = useServiceNames();
  const [title, setTitle] = useState("");
  const [severity, setSeverity] = useState<Severity | null>(null);
  const [services, setServices] = useState("");
  const [summary, setSummary] = useState("");
  const [isPrivate, setPrivate] = useState(false);
  const [isDrill, setDrill] = useState(false);
  const declare = useSubmit(async () => {
    const input: CreateIncidentInput = { title, severity, summary, services: namesIn(services) };
    if (isPrivate) input.visibility = "private";
    if (isDrill) input.mode = "drill";
    const incident = await api.post<IncidentView>("/api/v1/incidents", input);
    router.push(`/incidents/${incident.reference}`);
  });

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void declare.run();
      }}
    >
      <TextField
        label="Title"
        placeholder="What is broken, as people notice it"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        maxLength={TITLE_LENGTH_MAX}
        error={fieldProblem(declare.problem, "/title")}
        required
      />
      <SeverityChoice value={severity} onChange={setSeverity} canBeOpen />
      <TextField
        label="Service"
        hint="What it touches; several with commas between them. A new name makes a new service."
        value={services}
        onChange={(event) => setServices(event.target.value)}
        list={listId}
        error={fieldProblem(declare.problem, "/services")}
      />
      <datalist id={listId}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <TextArea
        label="Summary"
        value={summary}
        onChange={(event) => setSummary(event.target.value)}
        maxLength={PROSE_LENGTH_MAX}
        error={fieldProblem(declare.problem, "/summary")}
      />
      <div className="flex flex-wrap gap-x-8 gap-y-2">
        <Checkbox
          label="Private"
          hint="Only its members and owners see it"
          checked={isPrivate}
          onChange={(event) => setPrivate(event.target.checked)}
        />
        <Checkbox
          label="Drill"
          hint="Nothing leaves the building"
          checked={isDrill}
          onChange={(event) => setDrill(event.target.checked)}
        />
      </div>
      <ProblemBanner problem={declare.problem} />
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={declare.isPending}>
          Declare incident
        </Button>
      </DialogActions>
    </form>
  );
}
