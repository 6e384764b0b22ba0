"use client";

import { useState } from "react";
import { Checkbox, TextField } from "#/components/ui/field.tsx";
import { accentOf } from "#/server/settings/shared/accent.ts";

/** What the page has without a colour of its own. */
const PLAIN = "#0a6aa8";
const grounds = { light: "#ffffff", dark: "#14181e" } as const;

/** The colour of links and buttons, as each theme can show it. */
export function PageColor({ color, error }: { color: string | null; error: string | undefined }) {
  const [isOwn, setOwn] = useState(color !== null);
  const [chosen, setChosen] = useState(color ?? PLAIN);
  return (
    <>
      <Checkbox
        label="A colour of our own"
        name="ownColor"
        checked={isOwn}
        onChange={(event) => setOwn(event.currentTarget.checked)}
      />
      {isOwn && (
        <div className="flex flex-wrap items-end gap-4">
          <div className="w-24">
            <TextField
              label="Colour"
              name="color"
              type="color"
              value={chosen}
              onChange={(event) => setChosen(event.currentTarget.value)}
              error={error}
            />
          </div>
          {(["light", "dark"] as const).map((theme) => {
            const accent = accentOf(chosen, theme);
            return (
              <div key={theme} className="rounded-sm border border-line p-3" style={{ background: grounds[theme] }}>
                <span className="mr-3 text-m underline" style={{ color: accent.color }}>
                  A link
                </span>
                <span
                  className="rounded-sm px-3 py-1.5 text-m font-semibold"
                  style={{ color: accent.ink, background: accent.color }}
                >
                  A button
                </span>
              </div>
            );
          })}
        </div>
      )}
      <p className="text-s text-muted">
        It is darkened or lightened just as far as reading needs, in each theme by itself. States keep their own
        colours.
      </p>
    </>
  );
}
