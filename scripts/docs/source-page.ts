import type { Field, Shape } from "#/server/alerts/mapping/mapping.ts";
import type { Signature, SourceFile } from "#/server/alerts/sources/index.ts";

/** The first line of a page that is made and not written: such a page is replaced, any other is kept. */
export function markOf(source: string): string {
  return `<!-- Made from server/alerts/sources/${source}.yaml by scripts/integration-pages.ts. -->`;
}

const FAMILIES: Record<SourceFile["family"], string> = {
  protocol: "Protocols",
  metrics: "Metrics and monitoring",
  logs: "Logs",
  errors: "Errors",
  uptime: "Uptime and heartbeats",
  cloud: "Clouds",
  security: "Security",
  ci: "Builds and deploys",
  incidents: "Incident tools and status pages",
};

function filledIn(text: string): string {
  return text.replaceAll("{url}", "https://muster.example.com/hooks/KEY").replaceAll("{key}", "KEY");
}

function code(text: string): string {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

function placesOf(field: Field): string {
  const one = Array.isArray(field) ? field : [field];
  const told = one.map((alternative) => {
    if (typeof alternative === "string") return code(alternative);
    if ("hash" in alternative) return `a hash of ${code(alternative.hash)}`;
    if ("cel" in alternative) return code(alternative.cel.replaceAll("\n", " "));
    const within = alternative.find ? ` (${code(alternative.find)})` : "";
    return code(alternative.from) + within;
  });
  return told.join(", else ");
}

const READ = ["title", "status", "severity", "dedupKey", "service"] as const;
const KINDS: Record<Shape["kind"], string> = {
  alert: "",
  change: "A change.",
  deploy: "A change; one that failed is an alert too, which the next that succeeds ends.",
  test: "A test: kept, and pages nobody.",
  ignored: "Kept, and pages nobody.",
};

function shapeSection(shape: Shape, at: number): string {
  const head = `### ${shape.name ?? `Shape ${at + 1}`}`;
  const said = [KINDS[shape.kind], shape.split ? `Its entries stand in ${code(shape.split)}.` : ""].filter(Boolean);
  const rows =
    shape.kind === "test" || shape.kind === "ignored"
      ? []
      : READ.flatMap((name) => (shape[name] ? [`| ${name} | ${placesOf(shape[name])} |`] : []));
  const table = rows.length > 0 ? [["| field | read from |", "|---|---|", ...rows].join("\n")] : [];
  return [head, ...(said.length > 0 ? [said.join(" ")] : []), ...table].join("\n\n");
}

function signatureText(signature: Signature): string {
  const put = "Put the sender's secret into the integration, and each delivery is verified";
  switch (signature.scheme) {
    case "hmac":
      return `${put}: header \`${signature.header}\`, HMAC-${signature.algorithm.toUpperCase()}, ${signature.encoding}.`;
    case "token":
      return `${put}: the shared word in ${signature.header ? `the header \`${signature.header}\`` : `the field \`${signature.field}\``}.`;
    case "body-jws":
      return `${put}: header \`${signature.header}\`, a JSON Web Signature (HS256) over the hash of the body.`;
    case "standard-webhooks":
      return `${put}, as [Standard Webhooks](https://www.standardwebhooks.com) says.`;
    case "sns":
      return "Every delivery carries Amazon's signature, which is verified; so is the subscription before it is confirmed.";
    default:
      return `${put}.`;
  }
}

/** The page of a source, in Markdown. Pure. */
export function sourcePage(source: string, file: SourceFile): string {
  const proof = file.signature
    ? signatureText(file.signature)
    : "It does not sign what it sends: the key in the address is the only proof, so keep the address secret.";
  const parts = [
    markOf(source),
    `# ${file.name}`,
    `Add an integration of the source \`${source}\` under Settings → Integrations; its URL stands here as \`https://muster.example.com/hooks/KEY\`.${file.homepage ? ` More about the sender: <${file.homepage}>.` : ""}`,
    ...(file.setup ? ["## Set up", filledIn(file.setup).trim()] : []),
    ...(file.snippet
      ? [`${file.snippet.title}:`, `\`\`\`${file.snippet.language}\n${filledIn(file.snippet.text).trimEnd()}\n\`\`\``]
      : []),
    "## Proof",
    proof,
    "## What is read",
    `The first shape that fits counts; \`{a|b}\` takes the first that is there.${file.neverResolves ? " The sender never says that a problem is over: such alerts end by a timer or by hand." : ""}`,
    ...file.shapes.map(shapeSection),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The list of all sources by family. Pure. */
export function sourceIndex(files: ReadonlyMap<string, SourceFile>): string {
  const sections = Object.entries(FAMILIES).flatMap(([family, title]) => {
    const own = [...files].filter(([, file]) => file.family === family);
    const lines = own
      .sort(([, a], [, b]) => a.name.localeCompare(b.name, "en"))
      .map(([source, file]) => `- [${file.name}](${source}.md)`);
    return lines.length > 0 ? [`## ${title}`, lines.join("\n")] : [];
  });
  return `${[markOf("*"), "# Integrations", "Every sender below connects by its URL alone. For all others there are [generic JSON](generic-json.md), and custom sources, which are mapped in the interface.", ...sections].join("\n\n")}\n`;
}
