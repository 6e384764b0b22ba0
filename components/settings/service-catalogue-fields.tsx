"use client";

import { useEffect, useId, useState } from "react";
import { fieldProblem } from "#/components/api/client.ts";
import { listIn, textIn } from "#/components/api/form-values.ts";
import { readDirectory } from "#/components/commands/directory.ts";
import { Chip } from "#/components/status-board/services-field.tsx";
import { Button } from "#/components/ui/button.tsx";
import { Select, TextArea, TextField } from "#/components/ui/field.tsx";
import type { CreateServiceInput, ServiceView } from "#/server/services/contract.ts";
import {
  SERVICE_ALIASES_MAX,
  SERVICE_DEPENDENCIES_MAX,
  SERVICE_LINK_TITLE_LENGTH_MAX,
  SERVICE_LINKS_MAX,
  SERVICE_NAME_LENGTH_MAX,
  SERVICE_TEAM_LENGTH_MAX,
  SERVICE_URL_LENGTH_MAX,
  serviceLinkKinds,
  serviceTiers,
} from "#/server/services/shared/lists.ts";

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
      <DependsOnField service={service} error={listProblem("dependsOn", SERVICE_DEPENDENCIES_MAX)} />
      <LinksFields service={service} problem={problem} />
    </>
  );
}

/** The names of all services but this one, for suggestions; none until they are read. */
function useOtherServices(name: string | undefined): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    let isGone = false;
    readDirectory()
      .then(({ services }) => !isGone && setNames(services.map((each) => each.name).filter((each) => each !== name)))
      // Names can be typed without suggestions.
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [name]);
  return names;
}

function DependsOnField({ service, error }: { service?: ServiceView | undefined; error: string | undefined }) {
  const listId = useId();
  const [names, setNames] = useState<readonly string[]>(service?.dependsOn.map(({ name }) => name) ?? []);
  const [text, setText] = useState("");
  const others = useOtherServices(service?.name);
  const has = (name: string) => names.some((each) => each.toLowerCase() === name.toLowerCase());
  function add(name: string): void {
    if (name && !has(name)) setNames([...names, name]);
    setText("");
  }
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label="Depends on"
        list={listId}
        value={text}
        onChange={(event) => {
          const name = event.target.value;
          // What is chosen from the list is whole; what is typed may go on.
          if (others.includes(name) && !(event.nativeEvent as InputEvent).data) add(name);
          else setText(name);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || text.trim() === "") return;
          event.preventDefault();
          add(text.trim());
        }}
        onBlur={() => add(text.trim())}
        hint="Services that it needs. Enter adds one; two services may need each other"
        maxLength={SERVICE_NAME_LENGTH_MAX}
        disabled={names.length >= SERVICE_DEPENDENCIES_MAX}
        error={error}
      />
      <datalist id={listId}>
        {others
          .filter((name) => !has(name))
          .map((name) => (
            <option key={name} value={name} />
          ))}
      </datalist>
      {names.length > 0 && (
        <ul aria-label="Depends on" className="flex flex-wrap gap-1">
          {names.map((name) => (
            <li key={name} className="max-w-full">
              <input type="hidden" name="dependsOn" value={name} />
              <Chip label={name} onRemove={() => setNames(names.filter((each) => each !== name))} />
            </li>
          ))}
        </ul>
      )}
    </div>
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
