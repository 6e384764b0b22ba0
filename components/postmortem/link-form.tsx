"use client";

import type { Editor } from "@tiptap/react";
import { type FormEvent, type KeyboardEvent, useState } from "react";
import { Button } from "#/components/ui/button.tsx";
import { TextField } from "#/components/ui/field.tsx";
import { fileOfPath } from "#/server/files/shared/file-link.ts";
import { isAllowedLink } from "#/server/postmortem/shared/schema.ts";

type Props = { editor: Editor; onClose: () => void };

function withScheme(address: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address) || fileOfPath(address)) return address;
  return address.includes("@") && !address.includes("/") ? `mailto:${address}` : `https://${address}`;
}

function setLink(editor: Editor, href: string): void {
  const chain = editor.chain().focus().extendMarkRange("link");
  // Nothing selected: the address itself becomes the text.
  if (editor.state.selection.empty && !editor.isActive("link")) {
    chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
  } else chain.setLink({ href }).run();
}

/** Gives the selected words a link, changes it, or takes it away. */
export function LinkForm({ editor, onClose }: Props) {
  const [error, setError] = useState<string>();
  const current = editor.getAttributes("link").href as string | undefined;

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const href = withScheme(String(new FormData(event.currentTarget).get("href") ?? "").trim());
    if (!isAllowedLink(href) || !URL.canParse(href, location.origin)) {
      setError("A link starts with https://, http:// or mailto:.");
      return;
    }
    setLink(editor, href);
    onClose();
  }
  function press(event: KeyboardEvent): void {
    if (event.key === "Escape") onClose();
  }

  return (
    <form onSubmit={submit} onKeyDown={press} className="flex flex-wrap items-end gap-2 py-2">
      <div className="min-w-56 grow">
        <TextField label="Address" name="href" defaultValue={current ?? ""} error={error} autoFocus required />
      </div>
      <Button type="submit">Set link</Button>
      {current && (
        <Button
          variant="quiet"
          onClick={() => {
            editor.chain().focus().extendMarkRange("link").unsetLink().run();
            onClose();
          }}
        >
          Remove link
        </Button>
      )}
    </form>
  );
}
