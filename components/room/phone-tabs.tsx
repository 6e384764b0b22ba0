"use client";

import { useRoom } from "#/components/realtime/room/room-provider.tsx";

export type RoomTab = "board" | "timeline" | "alerts" | "people" | "update";

type Props = { tab: RoomTab; onChange: (tab: RoomTab) => void; firing: number };

/** The room's panels on a phone, in reach of the thumb. */
export function PhoneTabs({ tab, onChange, firing }: Props) {
  const { people } = useRoom();
  const tabs: { value: RoomTab; label: string; count?: number }[] = [
    { value: "board", label: "Board" },
    { value: "timeline", label: "Timeline" },
    { value: "alerts", label: "Alerts", count: firing },
    { value: "people", label: "People", count: people.length },
    { value: "update", label: "Update" },
  ];
  return (
    <nav
      aria-label="Panels"
      className="grid grid-cols-5 border-t border-line bg-panel pb-[env(safe-area-inset-bottom)] min-[901px]:hidden"
    >
      {tabs.map(({ value, label, count = 0 }) => (
        <button
          key={value}
          type="button"
          aria-pressed={tab === value}
          onClick={() => onChange(value)}
          className="grid min-h-14 place-items-center border-t-2 border-transparent text-s text-muted aria-pressed:border-accent aria-pressed:font-semibold aria-pressed:text-text"
        >
          <span>
            {label}
            {count > 0 && <span className="text-faint"> {count}</span>}
          </span>
        </button>
      ))}
    </nav>
  );
}
