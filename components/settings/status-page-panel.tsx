"use client";

import { api, fieldProblem } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { CopyField } from "#/components/ui/copy-field.tsx";
import { Select, TextField } from "#/components/ui/field.tsx";
import type { ChangeSettingsInput, SettingsView } from "#/server/settings/contract.ts";
import type { PageAccess } from "#/server/settings/shared/lists.ts";
import type { LogoView } from "#/server/status-page/contract.ts";
import { PageColor } from "./page-color.tsx";
import { PageLogo } from "./page-logo.tsx";
import { SectionPage, Subsection } from "./section-page.tsx";
import { SettingsForm } from "./settings-form.tsx";
import { useRefreshed } from "./use-refreshed.ts";

type StatusPageView = SettingsView["statusPage"];

const accesses: Record<PageAccess, string> = {
  public: "Everybody",
  link: "Whoever has the link",
  sign_in: "People who are signed in",
};

/** What the status page is called and looks like, and who may read it. */
export function StatusPagePanel({ page, logo }: { page: StatusPageView; logo: LogoView | null }) {
  const key = page.link ? new URL(page.link).search : "";
  return (
    <SectionPage
      title="Status page"
      about={
        <>
          What the public reads.{" "}
          <a href={`/status${key}`} className="text-accent underline">
            Open it
          </a>
        </>
      }
    >
      <SettingsForm label="Status page" read={namesIn}>
        {(problem) => (
          <>
            <TextField
              label="Name of the page"
              name="pageName"
              defaultValue={page.name}
              maxLength={100}
              error={fieldProblem(problem, "/statusPage/name")}
              required
            />
            <TextField
              label="Address of the page"
              name="pageUrl"
              type="url"
              placeholder="https://"
              hint="Where the public reads it, if that is elsewhere than here"
              defaultValue={page.url ?? ""}
              error={fieldProblem(problem, "/statusPage/url")}
            />
          </>
        )}
      </SettingsForm>
      <Access page={page} />
      <Subsection title="Logo">
        <PageLogo logo={logo} suffix={key} />
      </Subsection>
      <Subsection title="Colour">
        <SettingsForm label="Colour" read={colorIn}>
          {(problem) => (
            <PageColor key={page.color} color={page.color} error={fieldProblem(problem, "/statusPage/color")} />
          )}
        </SettingsForm>
      </Subsection>
    </SectionPage>
  );
}

function namesIn(form: FormData): ChangeSettingsInput {
  return { statusPage: { name: textIn(form, "pageName"), url: textIn(form, "pageUrl") || null } };
}

function colorIn(form: FormData): ChangeSettingsInput {
  return { statusPage: { color: form.has("ownColor") ? textIn(form, "color") : null } };
}

function Access({ page }: { page: StatusPageView }) {
  const refreshed = useRefreshed();
  return (
    <Subsection title="Who may read it">
      <SettingsForm
        label="Who may read it"
        read={(form) => ({ statusPage: { access: textIn(form, "access") as PageAccess } })}
      >
        {() => (
          <Select
            key={page.access}
            label="Readers"
            name="access"
            defaultValue={page.access}
            hint="Of a page that is not for everybody nothing is public: no feed, no JSON, no file. It is not shown while Muster is down."
          >
            {Object.entries(accesses).map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </Select>
        )}
      </SettingsForm>
      {page.link && (
        <div className="mt-4 flex max-w-xl flex-col gap-2">
          <CopyField label="Link to the page" value={page.link} />
          <div>
            <ConfirmButton
              label="New link"
              title="New link to the page"
              variant="danger"
              onConfirm={() =>
                refreshed(api.patch("/api/v1/settings", { statusPage: { newLink: true } }), "New link made.")
              }
            >
              The link that people have now stops working at once, in feeds and clients too. Mails to subscribers bring
              the new one.
            </ConfirmButton>
          </div>
        </div>
      )}
    </Subsection>
  );
}
