import { Subsection } from "#/components/settings/section-page.tsx";
import type { ComponentView } from "#/server/audience/contract.ts";
import type { MaintenanceStatus } from "#/server/maintenance/shared/lists.ts";
import { MaintenanceTag } from "./maintenance-tag.tsx";
import { WindowText } from "./window-text.tsx";

export type Shown = { title: string; body: string; from: string; until: string; components: readonly string[] };
type Props = {
  shown: Shown;
  components: readonly ComponentView[];
  pageName: string;
  status: MaintenanceStatus;
};

/** What the public will read, while it is written. */
export function MaintenancePreview({ shown, components, pageName, status }: Props) {
  const names = components.filter((one) => shown.components.includes(one.id)).map((one) => one.name);
  const title = shown.title || "Title";
  return (
    <aside aria-label="Preview" className="xl:sticky xl:top-5">
      <Subsection title="On the status page">
        <div className="flex flex-col gap-2 rounded-lg border border-line bg-panel p-4">
          <p className="font-semibold wrap-anywhere">{title}</p>
          <p className="text-s text-muted">
            <MaintenanceTag status={status} /> <WindowText from={shown.from} until={shown.until} />
            {names.length > 0 && ` · ${names.join(", ")}`}
          </p>
          <p className="text-s whitespace-pre-line wrap-anywhere">{shown.body || "…"}</p>
        </div>
      </Subsection>
      <Subsection title="By e-mail">
        <p className="rounded-lg border border-line bg-panel p-4 text-s wrap-anywhere">
          <span className="text-muted">Subject </span>[{pageName}] Maintenance: {title}
        </p>
      </Subsection>
    </aside>
  );
}
