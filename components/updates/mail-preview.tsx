"use client";

import { useState } from "react";
import { Segmented } from "#/components/ui/segmented.tsx";
import type { ChannelPreview } from "#/server/updates/contract.ts";
import { HtmlFrame } from "./html-frame.tsx";

type Props = { mail: Extract<ChannelPreview, { channel: "email" }> };

/** A mail as mail programs show it, with its HTML or as text. */
export function MailPreview({ mail }: Props) {
  const [shown, setShown] = useState<"html" | "text">("html");
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0 wrap-anywhere">
          <span className="text-muted">Subject </span>
          <b className="font-semibold">{mail.subject}</b>
        </p>
        <Segmented
          label="Mail shown as"
          value={shown}
          options={[
            { value: "html", label: "HTML" },
            { value: "text", label: "Text" },
          ]}
          onChange={setShown}
        />
      </div>
      {shown === "html" ? (
        <HtmlFrame title="The mail as HTML" html={mail.html} />
      ) : (
        <pre className="max-h-72 overflow-auto rounded-sm border border-line bg-bg p-2 font-mono text-xs whitespace-pre-wrap wrap-anywhere">
          {mail.text}
        </pre>
      )}
    </div>
  );
}
