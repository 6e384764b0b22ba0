/** What a condition of a route or a mute may name: its CEL type, and what it is in words for people. */
export const conditionNames = {
  title: { type: "string", about: "what the alert is called" },
  description: { type: "string", about: "its text" },
  name: { type: "string", about: "its short name: alertname, else the title" },
  status: { type: "string", about: '"firing" or "acknowledged"' },
  severity: { type: "string", about: '"critical", "error", "warning" or "info"' },
  source: { type: "string", about: 'the kind of sender, as "prometheus-alertmanager"' },
  integration: { type: "string", about: "the integration's name" },
  service: { type: "string", about: "the service's name" },
  team: { type: "string", about: "the team" },
  labels: { type: "map<string, string>", about: 'labels.env, or labels["k8s.pod"]' },
  links: { type: "list", about: "each with kind, title and url" },
  now: { type: "map", about: 'now.hour, now.minute, now.weekday ("Mon"), now.date, where the organisation is' },
} as const;

/** What alerts can be grouped by, beside `labels.<name>`. */
export const groupFields = ["service", "integration", "source", "name", "title", "severity", "team"] as const;
