"use client";

import { Dialog } from "#/components/ui/dialog.tsx";
import { Checkbox } from "#/components/ui/field.tsx";
import { type KeyArea, type KeyRow, keyTable } from "./key-table.ts";
import { keyText } from "./key-text.ts";
import { setSingleKeys, useSingleKeys } from "./single-keys.ts";

const areas: readonly KeyArea[] = [...new Set(keyTable.map((row) => row.area))];

/** Every key by area, and the switch for those without a modifier. */
export function KeyMap({ onClose }: { onClose: () => void }) {
  const isOn = useSingleKeys();
  return (
    <Dialog title="Keyboard shortcuts" isOpen isWide onClose={onClose}>
      <Checkbox
        label="Single-key shortcuts"
        hint="Keys without Ctrl or ⌘ work while no field has the focus. Kept on this device."
        checked={isOn}
        onChange={(event) => setSingleKeys(event.target.checked)}
      />
      <div className="columns-2 gap-8 max-md:columns-1">
        {areas.map((area) => (
          <section key={area} aria-label={area} className="mb-5 break-inside-avoid">
            <h3 className="mb-1 text-xs font-semibold tracking-[0.06em] text-muted uppercase">{area}</h3>
            <dl className="text-s">
              {keyTable
                .filter((row) => row.area === area)
                .map((row) => (
                  <Row key={`${row.keys.join(" ")} ${row.does}`} row={row} />
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function Row({ row }: { row: KeyRow }) {
  const isSequence = row.act?.kind === "go" || row.keys[0] === "g";
  return (
    <div className="flex items-baseline justify-between gap-3 border-b border-line py-1">
      <dd className="order-1 min-w-0">{row.does}</dd>
      <dt className="order-2 flex shrink-0 items-baseline gap-1 text-xs text-muted">
        {row.keys.map((key, at) => (
          <span key={key} className="flex items-baseline gap-1">
            {at > 0 && isSequence && "then"}
            <kbd className="rounded border border-line-strong px-1 font-mono text-[11px] leading-4 text-text">
              {keyText(key)}
            </kbd>
          </span>
        ))}
      </dt>
    </div>
  );
}
