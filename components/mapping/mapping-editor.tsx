"use client";

import { type ReactNode, useMemo, useRef, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { Button } from "#/components/ui/button.tsx";
import { TextArea } from "#/components/ui/field.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { IntakeView, IntegrationView, MappingTry } from "#/server/alerts/contract.ts";
import type { Mapping } from "#/server/alerts/mapping/mapping.ts";
import {
  emptyMappingForm,
  formOfMapping,
  type MappingForm,
  mappingOfForm,
} from "#/server/alerts/shared/mapping-form.ts";
import { Becomes } from "./becomes.tsx";
import { DeliveryPicker } from "./delivery-picker.tsx";
import { type FormRow, MappingRows } from "./mapping-rows.tsx";
import { PayloadView } from "./payload-view.tsx";
import { TriedList } from "./tried-list.tsx";
import { type Sample, useMappingPreview } from "./use-mapping-preview.ts";

const TRIED = 20;

type Props = { integration: IntegrationView; intakes: readonly IntakeView[]; startWith: string | null };

/** A delivery, the mapping, and the alert it becomes, side by side. */
export function MappingEditor({ integration, intakes, startWith }: Props) {
  const saved = integration.mapping as Mapping | null;
  const editor = useMapping(saved);
  const first = startWith ?? intakes[0]?.id ?? null;
  const [sample, setSample] = useState<Sample | null>(first ? { deliveryId: first } : null);
  const { preview, problem } = useMappingPreview(integration.id, editor.mapping, sample);
  const [tried, setTried] = useState<readonly MappingTry[] | null>(null);
  const focused = useRef<FormRow>("title");
  const split = editor.form?.split.trim() ?? "";
  const taken = useMemo(() => {
    const prefix = split ? `${split}[0].` : "";
    return new Set(preview?.paths.filter((use) => use.isFound).map((use) => prefix + use.path));
  }, [preview, split]);

  function choose(path: string): void {
    const own = split && path.startsWith(`${split}[`) ? path.slice(split.length).replace(/^\[\d+\]\.?/, "") : path;
    editor.insert(focused.current, own);
  }

  async function save(): Promise<void> {
    await api
      .patch(`/api/v1/integrations/${integration.id}`, { mapping: editor.mapping })
      .then(() => toast("Mapping saved. It reads every delivery from now on."))
      .catch((error: unknown) => toast(problemText(error), "bad"));
  }

  async function tryOut(): Promise<void> {
    await api
      .post<{ items: MappingTry[] }>(`/api/v1/integrations/${integration.id}/try`, {
        mapping: editor.mapping,
        last: TRIED,
      })
      .then(({ items }) => setTried(items))
      .catch((error: unknown) => toast(problemText(error), "bad"));
  }

  const mappingProblems = problem?.errors.filter(({ pointer }) => pointer.startsWith("/mapping")) ?? [];
  return (
    <div className="grid grid-cols-[minmax(0,.9fr)_minmax(0,1.3fr)_minmax(0,.9fr)] items-start gap-4 max-xl:grid-cols-2 max-md:grid-cols-1">
      <Card title="Delivery">
        <DeliveryPicker intakes={intakes} sample={sample} onChange={setSample} />
        {preview && <PayloadView body={preview.body} taken={taken} onChoose={choose} />}
      </Card>
      <Card title="Mapping">
        {editor.form ? (
          <MappingRows
            form={editor.form}
            problems={mappingProblems}
            paths={preview?.paths ?? []}
            onChange={editor.change}
            onFocus={(row) => {
              focused.current = row;
            }}
          />
        ) : (
          <TextArea
            label="Mapping as JSON"
            rows={18}
            value={editor.text}
            onChange={(event) => editor.setText(event.target.value)}
            error={editor.problem ?? undefined}
            className="font-mono text-xs"
          />
        )}
        <Button size="s" variant="quiet" className="mt-3" onClick={editor.toggle} disabled={!editor.canToggle}>
          {editor.form ? "Edit as JSON" : "Edit in rows"}
        </Button>
      </Card>
      <Card title="Becomes">
        {problem && mappingProblems.length === 0 && <p className="text-s wrap-anywhere text-bad">! {problem.detail}</p>}
        {preview ? (
          <Becomes preview={preview} />
        ) : (
          <p className="text-s text-muted">Pick a delivery or paste one to see its alert.</p>
        )}
        <div className="mt-4 flex flex-wrap gap-2">
          <Button onClick={tryOut} disabled={!editor.mapping}>
            Try on last {TRIED}
          </Button>
          <Button
            variant="primary"
            onClick={save}
            disabled={mappingProblems.length > 0 || editor.problem !== null || (!editor.mapping && !saved)}
          >
            Save
          </Button>
        </div>
        {tried && <TriedList tried={tried} />}
      </Card>
    </div>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="min-w-0 rounded-lg border border-line bg-panel px-4 py-3.5">
      <h2 className="mb-2.5 text-xs font-semibold tracking-[.06em] text-muted uppercase">{title}</h2>
      {children}
    </section>
  );
}

/** The mapping while it is written: in rows, or as JSON where rows cannot say it. */
function useMapping(saved: Mapping | null) {
  const [form, setForm] = useState<MappingForm | null>(() => (saved ? formOfMapping(saved) : emptyMappingForm));
  const [text, setText] = useState(() => JSON.stringify(saved ?? mappingOfForm(emptyMappingForm), null, 2));
  const parsed = useMemo(() => {
    try {
      return { mapping: JSON.parse(text) as Mapping, problem: null };
    } catch (error) {
      return { mapping: null, problem: error instanceof Error ? error.message : "This is not JSON." };
    }
  }, [text]);
  const isEmpty = form !== null && Object.values(form).every((line) => line.trim() === "");
  const mapping = form ? (isEmpty ? null : mappingOfForm(form)) : parsed.mapping;
  const asForm = parsed.mapping?.shapes ? formOfMapping(parsed.mapping) : null;
  return {
    form,
    text,
    mapping,
    problem: form ? null : parsed.problem,
    setText,
    change: (row: FormRow, value: string) => setForm((before) => before && { ...before, [row]: value }),
    insert: (row: FormRow, path: string) =>
      setForm((before) => {
        if (!before) return before;
        const isPlain = row === "labels" || row === "split";
        const added = isPlain ? path : `{${path}}`;
        const joint = before[row] && isPlain ? ", " : before[row] ? " " : "";
        return { ...before, [row]: `${before[row]}${joint}${added}` };
      }),
    canToggle: form !== null || asForm !== null,
    toggle: () => {
      if (form) {
        setText(JSON.stringify(mapping ?? mappingOfForm(form), null, 2));
        setForm(null);
      } else if (asForm) setForm(asForm);
    },
  };
}
