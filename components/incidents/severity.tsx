import { cx } from "#/components/ui/cx.ts";
import { type Severity, severityMeanings } from "#/server/incidents/shared/lists.ts";

const looks: Record<Severity, { sign: string; colour: string }> = {
  SEV1: { sign: "▲", colour: "text-sev1" },
  SEV2: { sign: "◆", colour: "text-sev2" },
  SEV3: { sign: "■", colour: "text-sev3" },
  SEV4: { sign: "●", colour: "text-sev4" },
  SEV5: { sign: "○", colour: "text-sev5" },
};

type Props = { severity: Severity | null; className?: string | undefined };

/** A severity as shape, word and colour; a dash until somebody chose. */
export function SeverityMark({ severity, className }: Props) {
  const shared = cx("inline-flex items-center gap-1.5 text-xs font-semibold whitespace-nowrap", className);
  if (!severity) {
    return (
      <span className={cx(shared, "text-muted")} title="No severity chosen yet">
        <span aria-hidden="true">—</span>
        <span className="sr-only">No severity yet</span>
      </span>
    );
  }
  const { sign, colour } = looks[severity];
  return (
    <span className={cx(shared, colour)} title={severityMeanings[severity].name}>
      <span aria-hidden="true">{sign}</span>
      {severity}
    </span>
  );
}
