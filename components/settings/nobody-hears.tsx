import Link from "next/link";
import { Banner } from "#/components/ui/banner.tsx";
import type { SettingsView } from "#/server/settings/contract.ts";

/** Whether a triage incident would reach anybody who is not looking at this screen. */
export function isHeard({ slack, smtp, tell }: SettingsView): boolean {
  const others = tell.filter((line) => !line.startsWith("email:") && !line.startsWith("slack:"));
  return slack.configured || others.length > 0 || (smtp.configured && tell.some((line) => line.startsWith("email:")));
}

/** Warns while a triage incident would open in silence. */
export function NobodyHears({ settings, isHere = false }: { settings: SettingsView; isHere?: boolean }) {
  if (isHeard(settings)) return null;
  return (
    <Banner tone="warn" title="Nobody will hear this.">
      An incident that opens is seen only by who looks here.{" "}
      {isHere ? (
        "Set up Slack, or e-mail with somebody to tell."
      ) : (
        <Link href="/settings/channels" className="inline-block min-h-6 text-accent underline">
          Set up Slack or e-mail
        </Link>
      )}
    </Banner>
  );
}
