"use client";

import { useId, useRef, useState } from "react";
import { Button } from "./button.tsx";

type Props = { label: string; value: string /** Shown over several lines, as code. */; isBlock?: boolean };

/** Text to take elsewhere, with a button that copies it. */
export function CopyField({ label, value, isBlock = false }: Props) {
  const id = useId();
  const ref = useRef<HTMLDivElement>(null);
  const [isCopied, setCopied] = useState(false);

  async function copy(): Promise<void> {
    const isDone = await navigator.clipboard?.writeText(value).then(
      () => true,
      () => false,
    );
    // Without the clipboard (an insecure origin) the text is selected, ready for the keys.
    if (!isDone && ref.current) window.getSelection()?.selectAllChildren(ref.current);
    setCopied(isDone === true);
  }

  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="flex items-center justify-between gap-2">
        <span id={id} className="text-s font-[550]">
          {label}
        </span>
        <Button size="s" variant="quiet" onClick={copy} aria-describedby={id}>
          {isCopied ? "Copied" : "Copy"}
        </Button>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for controls. */}
      <div
        ref={ref}
        role="group"
        aria-labelledby={id}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
        tabIndex={0}
        className={
          isBlock
            ? "overflow-auto rounded-sm border border-line bg-bg px-3 py-2 font-mono text-xs whitespace-pre"
            : "overflow-auto rounded-sm border border-line bg-bg px-3 py-2 font-mono text-s whitespace-nowrap"
        }
      >
        {value}
      </div>
    </div>
  );
}
