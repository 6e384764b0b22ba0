/** The import rules of ARCHITECTURE.md: one way only, from main down to platform. */
const layers = [
  ["platform"],
  ["access"],
  ["events", "documents", "notify"],
  ["people", "services", "audience", "settings"],
  ["runbooks", "on-call"],
  ["incidents"],
  ["roster", "tasks", "timeline", "files", "invitations", "changes"],
  ["alerts", "updates"],
  ["notifications", "triage"],
  ["maintenance"],
  ["postmortem", "status-page", "search", "measures", "brief", "slack"],
  ["http", "realtime", "jobs"],
];
const door = "^server/[^/]+/(index|contract|event-types|shared/[^/]+)\\.ts$";

const upward = layers.flatMap((layer, index) => {
  const above = layers
    .slice(index + 1)
    .flat()
    .join("|");
  if (!above) return [];
  return [
    {
      name: `${layer[0]}-imports-no-layer-above`,
      severity: "error",
      from: { path: `^server/(${layer.join("|")})/`, pathNot: "\\.test\\.ts$" },
      // Lists and limits under shared/ are words, not behaviour: everybody may use them.
      to: { path: `^server/(${above})/`, pathNot: "/shared/" },
    },
  ];
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    ...upward,
    {
      name: "domains-by-their-door",
      severity: "error",
      from: { path: "^server/([^/]+)/", pathNot: "^server/(http|realtime|jobs|testing)/|\\.test\\.ts$" },
      to: { path: "^server/(?!platform/|testing/)([^/]+)/", pathNot: [door, "^server/$1/"] },
    },
    {
      name: "platform-knows-no-domain",
      severity: "error",
      from: { path: "^server/platform/", pathNot: "\\.test\\.ts$" },
      to: { path: "^server/(?!platform/)" },
    },
    {
      name: "browser-sees-contracts-as-types-only",
      severity: "error",
      from: { path: "^components/", pathNot: "\\.test\\.tsx?$" },
      to: { path: "^(server|db)/", pathNot: "/shared/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "components-import-no-pages",
      severity: "error",
      from: { path: "^components/" },
      to: { path: "^app/" },
    },
    {
      name: "the-kit-knows-no-domain",
      severity: "error",
      from: { path: "^components/ui/" },
      to: { path: "^components/(?!ui/)" },
    },
    {
      name: "pages-ask-the-backend",
      severity: "error",
      from: { path: "^app/" },
      to: { path: "^(server|db)/", pathNot: ["^server/backend\\.ts$", "/contract\\.ts$", "/shared/"] },
    },
    {
      name: "tables-know-lists-only",
      severity: "error",
      from: { path: "^db/schema/" },
      to: { path: "^server/", pathNot: "/shared/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(\\.next|\\.runtime|node_modules)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
