import { Tag, type Tone } from "#/components/ui/tag.tsx";
import type { MaintenanceStatus } from "#/server/maintenance/shared/lists.ts";
import { maintenanceStatusWords } from "#/server/maintenance/shared/words.ts";

const tones: Record<MaintenanceStatus, Tone> = {
  scheduled: "plain",
  in_progress: "warn",
  verifying: "warn",
  completed: "ok",
  cancelled: "plain",
};

/** The stage of a maintenance in a word. */
export function MaintenanceTag({ status }: { status: MaintenanceStatus }) {
  return <Tag tone={tones[status]}>{maintenanceStatusWords[status]}</Tag>;
}
