"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { TextArea } from "#/components/ui/field.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { CatalogueImportView } from "#/server/services/contract.ts";

export const CATALOGUE_PATH = "/api/v1/services/catalogue.yaml";

const example = `services:
  - name: checkout
    tier: 1
    owner: ada@example.com
    dependsOn: [payments]`;

/** Brings services in from a file: what would change is shown before anything does. */
export function ImportCatalogue() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button aria-label="Import services" onClick={() => setOpen(true)}>
        Import
      </Button>
      <Dialog title="Import services" isOpen={isOpen} onClose={() => setOpen(false)} isWide>
        <ImportForm onClose={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function countWords({ created, changed, unchanged }: CatalogueImportView): string {
  return [`${created} new`, `${changed} changed`, `${unchanged} as they are`].join(", ");
}

function ImportForm({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const [text, setText] = useState("");
  const [preview, setPreview] = useState<CatalogueImportView | null>(null);
  const put = (isDryRun: boolean) => api.putText<CatalogueImportView>(`${CATALOGUE_PATH}?dryRun=${isDryRun}`, text);
  const look = useSubmit(async () => setPreview(await put(true)));
  const apply = useSubmit(async () => {
    const done = await put(false);
    router.refresh();
    toast(`Imported: ${countWords(done)}.`);
    onClose();
  });
  function change(next: string): void {
    setText(next);
    setPreview(null);
  }
  const hasChanges = preview !== null && preview.changes.length > 0;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void (hasChanges ? apply.run() : look.run());
      }}
    >
      <p className="text-s text-muted">
        Services are matched by name. What the file leaves out stays as it is, and services that it does not name stay
        too.
      </p>
      <div className="flex flex-col gap-1 text-s">
        <label htmlFor="catalogue-file" className="font-[550]">
          File
        </label>
        <input
          id="catalogue-file"
          type="file"
          accept=".yaml,.yml,.json"
          className="max-w-full file:mr-3 file:min-h-9 file:rounded-sm file:border file:border-line-strong file:bg-raised file:px-3 max-md:file:min-h-11"
          onChange={async (event) => {
            const file = event.target.files?.[0];
            if (file) change(await file.text());
          }}
        />
      </div>
      <TextArea
        label="Catalogue as YAML"
        value={text}
        onChange={(event) => change(event.target.value)}
        placeholder={example}
        rows={8}
        spellCheck={false}
        className="font-mono text-s"
        required
      />
      <Mistakes problem={look.problem ?? apply.problem} />
      {preview && <Preview preview={preview} />}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        {hasChanges ? (
          <Button type="submit" variant="primary" isPending={apply.isPending}>
            Apply {preview.changes.length} {preview.changes.length === 1 ? "change" : "changes"}
          </Button>
        ) : (
          <Button type="submit" variant="primary" isPending={look.isPending}>
            Show what would change
          </Button>
        )}
      </DialogActions>
    </form>
  );
}

/** Each mistake with its line, one below the other. */
function Mistakes({ problem }: { problem: unknown }) {
  const errors = problem !== null && typeof problem === "object" && "errors" in problem ? problem.errors : [];
  const details = Array.isArray(errors) ? (errors as { pointer: string; detail: string }[]) : [];
  if (details.length < 2) return <ProblemBanner problem={problem} />;
  return (
    <ul role="alert" className="flex flex-col gap-1 rounded-sm bg-bad-bg px-3 py-2 text-s text-bad">
      {details.map(({ pointer, detail }) => (
        <li key={`${pointer} ${detail}`} className="wrap-anywhere">
          {detail}
        </li>
      ))}
    </ul>
  );
}

function Preview({ preview }: { preview: CatalogueImportView }) {
  if (preview.changes.length === 0) {
    return (
      <p role="status" className="text-s">
        Nothing would change: all {preview.unchanged} services are as the file says.
      </p>
    );
  }
  return (
    <section aria-label="What would change" className="min-w-0">
      <p role="status" className="mb-2 text-s font-[550]">
        {countWords(preview)}
      </p>
      <ul
        className="max-h-[40vh] overflow-y-auto border-y border-line"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
        tabIndex={0}
      >
        {preview.changes.map(({ name, action, fields }) => (
          <li key={name} className="border-b border-line py-2 text-s last:border-b-0">
            <div className="flex flex-wrap items-center gap-2">
              <b className="font-[550] wrap-anywhere">{name}</b>
              <Tag tone={action === "create" ? "ok" : "warn"}>{action === "create" ? "new" : "changed"}</Tag>
            </div>
            <dl className="mt-1 grid grid-cols-[110px_minmax(0,1fr)] gap-x-2 text-muted">
              {fields.map(({ field, from, to }) => (
                <Difference key={field} field={field} from={from} to={to} />
              ))}
            </dl>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Difference({ field, from, to }: { field: string; from: string; to: string }) {
  return (
    <>
      <dt>{field}</dt>
      <dd className="min-w-0 wrap-anywhere">
        {from && (
          <>
            <del className="text-bad">
              <span className="sr-only">was </span>
              {from}
            </del>{" "}
          </>
        )}
        {to ? (
          <ins className="text-ok no-underline">
            <span aria-hidden="true">+ </span>
            <span className="sr-only">will be </span>
            {to}
          </ins>
        ) : (
          <span>none</span>
        )}
      </dd>
    </>
  );
}
