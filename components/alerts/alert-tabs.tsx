import { TabLinks } from "#/components/ui/tabs.tsx";

const everybody = [
  { href: "/alerts", label: "All alerts" },
  { href: "/alerts/mutes", label: "Mutes" },
  { href: "/alerts/noise", label: "Noise" },
];
const responders = [...everybody, { href: "/settings/alert-routes", label: "Routes" }];

/** The pages about alerts; routes for who may read them. */
export function AlertTabs({ canRespond }: { canRespond: boolean }) {
  return <TabLinks label="Alert pages" tabs={canRespond ? responders : everybody} />;
}
