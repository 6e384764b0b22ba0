"use client";

import { useState } from "react";
import { Button } from "#/components/ui/button.tsx";
import { Select, TextArea } from "#/components/ui/field.tsx";
import type { IntakeView } from "#/server/alerts/contract.ts";
import type { Sample } from "./use-mapping-preview.ts";

type Props = { intakes: readonly IntakeView[]; sample: Sample | null; onChange: (sample: Sample | null) => void };

function label(intake: IntakeView): string {
  const at = `${intake.receivedAt.slice(11, 19)} UTC, ${intake.receivedAt.slice(0, 10)}`;
  return `${at}${intake.recognised ? "" : ", unrecognised"}`;
}

/** Which delivery is looked at: one that came, or one that is pasted. */
export function DeliveryPicker({ intakes, sample, onChange }: Props) {
  const [text, setText] = useState("");
  const [isPasting, setPasting] = useState(intakes.length === 0);
  const chosen = sample && "deliveryId" in sample ? sample.deliveryId : "";
  const isListed = intakes.some((intake) => intake.id === chosen);
  return (
    <div className="mb-3 flex flex-col gap-2">
      {intakes.length > 0 && (
        <div className="flex items-end gap-2">
          <div className="min-w-0 grow">
            <Select
              label="Delivery"
              isLabelHidden
              value={isPasting ? "" : chosen}
              disabled={isPasting}
              onChange={(event) => onChange({ deliveryId: event.target.value })}
            >
              {isPasting && <option value="">Pasted</option>}
              {!isListed && chosen && <option value={chosen}>The delivery you came for</option>}
              {intakes.map((intake) => (
                <option key={intake.id} value={intake.id}>
                  {label(intake)}
                </option>
              ))}
            </Select>
          </div>
          <Button
            onClick={() => {
              setPasting(!isPasting);
              const [latest] = intakes;
              onChange(isPasting && latest ? { deliveryId: latest.id } : text ? { text } : sample);
            }}
          >
            {isPasting ? "Pick one" : "Paste one"}
          </Button>
        </div>
      )}
      {isPasting && (
        <TextArea
          label="Paste a delivery"
          rows={6}
          value={text}
          maxLength={200_000}
          spellCheck={false}
          placeholder={
            intakes.length === 0 ? "Nothing came yet. Paste what your tool sends, or send it to the URL above." : ""
          }
          onChange={(event) => {
            setText(event.target.value);
            onChange(event.target.value.trim() ? { text: event.target.value } : null);
          }}
          className="font-mono text-xs"
        />
      )}
    </div>
  );
}
