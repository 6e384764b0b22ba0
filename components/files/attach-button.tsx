"use client";

import { type ChangeEvent, useRef } from "react";
import { Button } from "#/components/ui/button.tsx";

/** Chooses files by keyboard or thumb, for whoever cannot paste or drop. */
export function AttachButton({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  function take(event: ChangeEvent<HTMLInputElement>): void {
    onFiles([...(event.target.files ?? [])]);
    // The same file may be chosen again.
    event.target.value = "";
  }
  return (
    <>
      <input ref={input} type="file" multiple hidden onChange={take} />
      <Button size="s" variant="quiet" className="max-[900px]:min-h-11" onClick={() => input.current?.click()}>
        Attach
      </Button>
    </>
  );
}
