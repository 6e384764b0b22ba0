"use client";

import { useId, useState } from "react";
import { ActButton } from "#/components/api/act-button.tsx";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { LOGO_BYTES_MAX, logoTypes } from "#/server/settings/shared/lists.ts";
import type { LogoView } from "#/server/status-page/contract.ts";
import { useRefreshed } from "./use-refreshed.ts";

const PATH = "/api/v1/settings/status-page/logo";

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** The page's logo: what it is now, another one, or none. */
export function PageLogo({ logo, suffix }: { logo: LogoView | null; suffix: string }) {
  const id = useId();
  const refreshed = useRefreshed();
  const [isTooLarge, setTooLarge] = useState(false);
  const upload = useSubmit(async (form: HTMLFormElement) => {
    const file = new FormData(form).get("logo");
    if (!(file instanceof File) || file.size === 0) return;
    await refreshed(api.put(PATH, { data: await base64Of(file) }), "Logo saved.");
    form.reset();
  });
  return (
    <form
      aria-label="Logo"
      className="flex max-w-xl flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void upload.run(event.currentTarget);
      }}
    >
      {logo && (
        <div className="flex flex-wrap items-center gap-3">
          {/* biome-ignore lint/performance/noImgElement: it is served as it is, by the status page. */}
          <img src={`${logo.path}${suffix}`} alt="The logo now" className="max-h-12 max-w-60 rounded-sm bg-white p-1" />
          <ActButton label="Remove logo" act={() => refreshed(api.delete(PATH), "Logo removed.")} />
        </div>
      )}
      <div className="flex flex-col gap-1">
        <label htmlFor={id} className="text-s font-[550]">
          {logo ? "Another logo" : "Logo"}
        </label>
        <input
          id={id}
          name="logo"
          type="file"
          required
          accept={logoTypes.join(",")}
          aria-describedby={`${id}-hint`}
          aria-invalid={isTooLarge || undefined}
          className="text-s text-muted file:mr-3 file:rounded-sm file:border file:border-line-strong file:bg-raised file:px-3 file:py-1.5 file:font-[550] file:text-text max-md:file:min-h-11"
          onChange={(event) => setTooLarge((event.currentTarget.files?.[0]?.size ?? 0) > LOGO_BYTES_MAX)}
        />
        <p id={`${id}-hint`} className={isTooLarge ? "text-s text-bad" : "text-s text-muted"}>
          {isTooLarge ? "! " : ""}PNG, JPEG, GIF or WebP, up to {LOGO_BYTES_MAX / 1024} KiB; shown 40 pixels high. In
          the dark theme it stands on white.
        </p>
      </div>
      <ProblemBanner problem={upload.problem} />
      <div>
        <Button type="submit" isPending={upload.isPending} disabled={isTooLarge}>
          Save logo
        </Button>
      </div>
    </form>
  );
}
