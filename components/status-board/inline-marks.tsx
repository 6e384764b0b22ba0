import { Fragment } from "react";

const MARKED = /(\*\*[^*\n]+\*\*|`[^`\n]+`)/;

/** Text with **strong** and `code` as Markdown means them; everything else stands as it was written. */
export function InlineMarks({ text }: { text: string }) {
  let at = 0;
  return text.split(MARKED).map((part) => {
    const key = at;
    at += part.length;
    if (part.length > 4 && part.startsWith("**") && part.endsWith("**")) {
      return (
        <b key={key} className="font-semibold">
          {part.slice(2, -2)}
        </b>
      );
    }
    if (part.length > 2 && part.startsWith("`") && part.endsWith("`")) {
      return (
        <code key={key} className="rounded bg-raised px-1 font-mono text-[12.5px]">
          {part.slice(1, -1)}
        </code>
      );
    }
    return <Fragment key={key}>{part}</Fragment>;
  });
}
