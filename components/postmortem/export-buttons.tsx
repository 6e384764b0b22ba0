"use client";

import { problemText } from "#/components/api/client.ts";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import { postmortemPath } from "./use-postmortem.ts";

/** The postmortem as Markdown, as the server has it now. */
async function readMarkdown(reference: string): Promise<string> {
  const response = await fetch(postmortemPath(reference), { headers: { accept: "text/markdown" }, cache: "no-store" });
  if (!response.ok) throw new Error(`The server answered ${response.status}.`);
  return response.text();
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/markdown;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the file by the next turn; sooner would cut it off.
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}

/** Two ways out: to the clipboard, and as a file. */
export function ExportButtons({ reference }: { reference: string }) {
  async function exported(take: (markdown: string) => Promise<void> | void): Promise<void> {
    try {
      await take(await readMarkdown(reference));
    } catch (error) {
      toast(error instanceof Error ? error.message : problemText(error), "bad");
    }
  }
  const copying = useSubmit(() =>
    exported(async (markdown) => {
      if (!navigator.clipboard) throw new Error("This address has no clipboard (no HTTPS). Download the file instead.");
      await navigator.clipboard.writeText(markdown);
      toast("Copied as Markdown");
    }),
  );
  const saving = useSubmit(() => exported((markdown) => saveFile(`${reference}-postmortem.md`, markdown)));
  return (
    <div className="flex gap-2 max-md:w-full max-md:[&>button]:px-2">
      <Button size="s" className="max-md:min-h-11 max-md:grow" onClick={copying.run} isPending={copying.isPending}>
        Copy as Markdown
      </Button>
      <Button size="s" className="max-md:min-h-11 max-md:grow" onClick={saving.run} isPending={saving.isPending}>
        Download Markdown
      </Button>
    </div>
  );
}
