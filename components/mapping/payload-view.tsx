"use client";

import type { ReactNode } from "react";

type Props = {
  body: unknown;
  /** Values that the mapping takes, to be marked. */
  taken: ReadonlySet<string>;
  /** Somebody chose a value: its path, as a template takes it. */
  onChoose: (path: string) => void;
};

/** More lines than these nobody looks through; the rest is said to be there. */
const LINES_MAX = 400;

function step(path: string, key: string): string {
  const isPlain = /^[\w$-]+$/.test(key);
  if (!isPlain) return `${path}[${JSON.stringify(key)}]`;
  return path ? `${path}.${key}` : key;
}

type Line = { key: string; indent: number; lead: string; value?: { text: string; path: string }; tail: string };

function linesOf(value: unknown, path: string, indent: number, lead: string, tail: string, lines: Line[]): void {
  if (lines.length >= LINES_MAX) return;
  const key = `${path}#${lines.length}`;
  if (value !== null && typeof value === "object") {
    const isList = Array.isArray(value);
    const entries: [string, unknown][] = isList ? value.map((one, at) => [String(at), one]) : Object.entries(value);
    const [open, close] = isList ? ["[", "]"] : ["{", "}"];
    if (entries.length === 0) {
      lines.push({ key, indent, lead: `${lead}${open}${close}`, tail });
      return;
    }
    lines.push({ key, indent, lead: `${lead}${open}`, tail: "" });
    entries.forEach(([name, inner], at) => {
      const comma = at < entries.length - 1 ? "," : "";
      const inside = isList ? `${path}[${name}]` : step(path, name);
      linesOf(inner, inside, indent + 1, isList ? "" : `${JSON.stringify(name)}: `, comma, lines);
    });
    lines.push({ key: `${key}/`, indent, lead: close, tail });
    return;
  }
  lines.push({ key, indent, lead, value: { text: JSON.stringify(value) ?? "null", path }, tail });
}

/** A delivery as JSON. Each value is a button that puts its path into the mapping; those in use are marked. */
export function PayloadView({ body, taken, onChoose }: Props) {
  const lines: Line[] = [];
  linesOf(body, "", 0, "", "", lines);
  return (
    <section aria-label="What was sent" className="max-h-[62vh] overflow-auto font-mono text-xs leading-[1.7]">
      {lines.map((line) => (
        <div key={line.key} style={{ paddingLeft: `${line.indent * 14}px` }} className="wrap-anywhere">
          {line.lead}
          {line.value && <Value {...line.value} isTaken={taken.has(line.value.path)} onChoose={onChoose} />}
          {line.tail}
        </div>
      ))}
      {lines.length >= LINES_MAX && (
        <p className="mt-1 font-sans text-s text-muted">More follows; it can be mapped all the same.</p>
      )}
    </section>
  );
}

type ValueProps = { text: string; path: string; isTaken: boolean; onChoose: (path: string) => void };

function Value({ text, path, isTaken, onChoose }: ValueProps): ReactNode {
  return (
    <button
      type="button"
      title={`Put {${path}} into the row`}
      onClick={() => onChoose(path)}
      className={
        isTaken
          ? "rounded-[3px] bg-accent/25 px-0.5 text-left hover:bg-accent/40"
          : "rounded-[3px] px-0.5 text-left hover:bg-raised"
      }
    >
      {text}
    </button>
  );
}
