"use client";

import { useState } from "react";
import { fieldProblem } from "#/components/api/client.ts";
import { listIn, textIn } from "#/components/api/form-values.ts";
import { Button } from "#/components/ui/button.tsx";
import { Select, TextArea, TextField } from "#/components/ui/field.tsx";
import type { CreateServiceInput, ServiceView } from "#/server/services/contract.ts";
import {
  SERVICE_ALIASES_MAX,
  SERVICE_DEPENDENCIES_MAX,
  SERVICE_LINK_TITLE_LENGTH_MAX,
  SERVICE_LINKS_MAX,
  SERVICE_TEAM_LENGTH_MAX,
  SERVICE_URL_LENGTH_MAX,
  serviceLinkKinds,
  serviceTiers,
} from "#/server/services/shared/lists.ts";
import { ServiceNamesField } from "./service-names-field.tsx";

/** What these fields say of a service. */
export function catalogueIn(form: FormData): Partial<CreateServiceInput> {
  const all = (name: string) => form.getAll(name).map((value) => (typeof value === "string" ? value.trim() : ""));
  const [kinds, titles, urls] = [all("linkKind"), all("linkTitle"), all("linkUrl")];
  const links = urls.map((url, at) => ({
    kind: serviceLinkKinds.find((kind) => kind === kinds[at]) ?? ("other" as const),
    title: titles[at] ?? "",
    url,
  }));
  return {
    tier: Number(textIn(form, "tier")) || null,
    team: textIn(form, "team"),
    aliases: listIn(form, "aliases"),
    dependsOn: all("dependsOn"),
    links: links.filter(({ url }) => url !== ""),
  };
}

type Props = { service?: ServiceView | undefined; problem: unknown };

/** Tier, team, other names, needs and links: what the room knows of a service when it fails. */
export function ServiceCatalogueFields({ service, problem }: Props) {
  const listProblem = (name: string, count: number) =>
    [`/${name}`, ...Array.from({ length: count }, (_, at) => `/${name}/${at}`)]
      .map((pointer) => fieldProblem(problem, pointer))
      .find(Boolean);
  return (
    <>
      <div className="grid gap-4 md:grid-cols-2">
        <Select
          label="Tier"
          name="tier"
          defaultValue={service?.tier ?? ""}
          hint="1: customers notice at once. 4: it can wait"
        >
          <option value="">Not said</option>
          {serviceTiers.map((tier) => (
            <option key={tier} value={tier}>
              Tier {tier}
            </option>
          ))}
        </Select>
        <TextField
          label="Team"
          name="team"
          defaultValue={service?.team}
          maxLength={SERVICE_TEAM_LENGTH_MAX}
          error={fieldProblem(problem, "/team")}
        />
      </div>
      <TextArea
        label="Other names"
        name="aliases"
        rows={2}
        defaultValue={service?.aliases.join("\n")}
        hint="One a line: names that alerts and deployments carry for it"
        error={listProblem("aliases", SERVICE_ALIASES_MAX)}
      />
      <ServiceNamesField
        label="Depends on"
        name="dependsOn"
        initial={service?.dependsOn.map(({ name }) => name)}
        leftOut={service?.name}
        max={SERVICE_DEPENDENCIES_MAX}
        hint="Services that it needs. Enter adds one; two services may need each other"
        error={listProblem("dependsOn", SERVICE_DEPENDENCIES_MAX)}
      />
      <LinksFields service={service} problem={problem} />
    </>
  );
}

const kindWords = {
  dashboard: "Dashboard",
  repository: "Repository",
  chat: "Chat",
  docs: "Docs",
  other: "Other",
} as const;

function LinksFields({ service, problem }: Props) {
  const [rows, setRows] = useState(() => service?.links.map((link, key) => ({ key, link })) ?? []);
  const add = () => {
    const key = (rows.at(-1)?.key ?? 0) + 1;
    setRows([...rows, { key, link: { kind: "dashboard", title: "", url: "" } }]);
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-3">
      <legend className="mb-1 text-s font-[550]">Links</legend>
      <p className="text-s text-muted">They enter the room when somebody works on an incident of this service.</p>
      {rows.map(({ key, link }, at) => (
        <div key={key} className="grid gap-2 border-l-2 border-line pl-3 md:grid-cols-[150px_minmax(0,1fr)]">
          <Select label={`Kind of link ${at + 1}`} isLabelHidden name="linkKind" defaultValue={link.kind}>
            {serviceLinkKinds.map((kind) => (
              <option key={kind} value={kind}>
                {kindWords[kind]}
              </option>
            ))}
          </Select>
          <TextField
            label={`Title of link ${at + 1}`}
            isLabelHidden
            name="linkTitle"
            placeholder="Title"
            defaultValue={link.title}
            maxLength={SERVICE_LINK_TITLE_LENGTH_MAX}
          />
          <div className="flex items-start gap-2 md:col-span-2">
            <div className="min-w-0 grow">
              <TextField
                label={`Address of link ${at + 1}`}
                isLabelHidden
                name="linkUrl"
                type="url"
                placeholder="https://"
                defaultValue={link.url}
                maxLength={SERVICE_URL_LENGTH_MAX}
                error={fieldProblem(problem, `/links/${at}/url`)}
              />
            </div>
            <Button
              size="s"
              variant="quiet"
              className="min-h-9 max-md:min-h-11"
              aria-label={`Remove link ${at + 1}`}
              onClick={() => setRows(rows.filter((each) => each.key !== key))}
            >
              Remove
            </Button>
          </div>
        </div>
      ))}
      {rows.length < SERVICE_LINKS_MAX && (
        <div>
          <Button size="s" className="max-md:min-h-11" onClick={add}>
            Add link
          </Button>
        </div>
      )}
    </fieldset>
  );
}
