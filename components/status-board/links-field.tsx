"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Select, TextField } from "#/components/ui/field.tsx";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { LINKS_MAX } from "#/server/incidents/shared/lists.ts";
import { AddButton, FormButtons } from "./services-field.tsx";

type Links = IncidentView["links"];
type Props = { path: string; links: Links; canEdit: boolean };

const kinds = [
  ["bridge", "Bridge"],
  ["chat", "Chat"],
  ["dashboard", "Dashboard"],
  ["repository", "Repository"],
  ["docs", "Docs"],
  ["ticket", "Ticket"],
  ["runbook", "Runbook"],
  ["link", "Other"],
] as const;
const kindNames: Readonly<Record<string, string>> = Object.fromEntries(kinds);

function titleOf(link: Links[number]): string {
  return link.title || link.url.replace(/^https?:\/\//, "");
}

/** Where else people meet and look: the bridge first. */
export function LinksField({ path, links, canEdit }: Props) {
  const [isAdding, setAdding] = useState(false);
  const { act } = useAct();
  return (
    <>
      {links.length > 0 && (
        <ul className="w-full">
          {links.map((link) => (
            <li key={`${link.kind} ${link.url}`} className="flex min-w-0 items-center gap-1">
              {link.kind !== "link" && <span className="shrink-0 text-muted">{kindNames[link.kind] ?? link.kind}</span>}
              <a
                href={link.url}
                target="_blank"
                rel="noopener noreferrer"
                title={link.url}
                className="min-w-0 truncate py-0.5 text-accent hover:underline"
              >
                {titleOf(link)}
              </a>
              {canEdit && (
                <button
                  type="button"
                  aria-label={`Remove ${titleOf(link)}`}
                  title="Remove"
                  onClick={() => void act(() => api.patch(path, { links: links.filter((each) => each !== link) }))}
                  className="ml-auto grid size-6 shrink-0 place-items-center rounded-sm text-faint hover:bg-raised hover:text-text max-[900px]:size-11"
                >
                  <span aria-hidden="true">✕</span>
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {links.length === 0 && !canEdit && "–"}
      {canEdit && !isAdding && links.length < LINKS_MAX && <AddButton label="Link" onPress={() => setAdding(true)} />}
      {isAdding && <AddLink path={path} links={links} onClose={() => setAdding(false)} />}
    </>
  );
}

/** `meet/abc` is meant as `https://meet/abc`. */
function withProtocol(url: string): string {
  return /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`;
}

function AddLink({ path, links, onClose }: { path: string; links: Links; onClose: () => void }) {
  const [kind, setKind] = useState<string>("bridge");
  const [url, setUrl] = useState("");
  const [title, setTitle] = useState("");
  const { run, isPending, problem } = useSubmit(async () => {
    await api.patch(path, { links: [...links, { kind, title: title.trim(), url: withProtocol(url.trim()) }] });
    onClose();
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (url.trim()) void run();
  }
  return (
    <form onSubmit={submit} className="mt-1 flex w-full flex-col gap-2">
      <Select label="Kind" isLabelHidden value={kind} onChange={(event) => setKind(event.target.value)}>
        {kinds.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </Select>
      <TextField
        label="Address"
        isLabelHidden
        placeholder="https://…"
        inputMode="url"
        value={url}
        onChange={(event) => setUrl(event.target.value)}
        maxLength={2_000}
        required
        autoFocus
      />
      <TextField
        label="Title"
        isLabelHidden
        placeholder="Title, if it needs one"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        maxLength={150}
      />
      <ProblemBanner problem={problem} />
      <FormButtons isPending={isPending} onCancel={onClose} />
    </form>
  );
}
