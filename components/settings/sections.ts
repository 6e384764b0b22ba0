/** The parts of the settings, in the order of setting up. */
export const settingsSections = [
  {
    href: "/settings/integrations",
    label: "Integrations",
    about: "Where alerts come from, and what came that nobody understood",
  },
  {
    href: "/settings/alert-routes",
    label: "Alert routes",
    about: "Where alerts go: what opens an incident, what is grouped, what stays quiet",
  },
  { href: "/settings/channels", label: "Channels", about: "Slack and e-mail: how people hear" },
  {
    href: "/settings/destinations",
    label: "Destinations",
    about: "Mattermost, Microsoft Teams and webhooks: places that updates go to",
  },
  { href: "/settings/audiences", label: "Audiences", about: "Who hears which updates, and by which ways" },
  { href: "/settings/people", label: "People", about: "Accounts and what each may do" },
  { href: "/settings/services", label: "Services", about: "What your teams run, and who hears when one fails" },
  { href: "/settings/components", label: "Components", about: "What the public sees on the status page" },
  {
    href: "/settings/update-templates",
    label: "Update templates",
    about: "What updates are begun with, by severity and stage",
  },
  { href: "/settings/update-rules", label: "Update rules", about: "Who approves updates, and how often people hear" },
  { href: "/settings/status-page", label: "Status page", about: "Its name and look, and who may read it" },
  { href: "/settings/subscribers", label: "Subscribers", about: "Who gets the updates by e-mail and webhook" },
  { href: "/settings/tokens", label: "API tokens", about: "For scripts and other tools" },
  { href: "/settings/organisation", label: "Organisation", about: "Name, time zone and required roles" },
  { href: "/settings/audit", label: "Audit log", about: "Who changed what, and when" },
] as const;
