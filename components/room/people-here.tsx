"use client";

import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Avatar } from "#/components/ui/avatar.tsx";
import { cx } from "#/components/ui/cx.ts";

/** Who has the room open: one entry a person, however many tabs. */
export function PeopleHere() {
  const { people } = useRoom();
  return (
    <div className="mb-6">
      <h2 className="mb-2 flex min-h-7 items-center gap-2 text-xs font-semibold tracking-[0.06em] text-muted uppercase">
        People here <span className="font-normal text-faint">{people.length > 0 ? people.length : ""}</span>
      </h2>
      <ul aria-label="People here" className="flex flex-wrap gap-x-3 gap-y-1.5">
        {people.map((person) => (
          <li
            key={person.userId}
            {...(person.idle && { title: `${person.name} has not touched this page for five minutes` })}
            className="flex min-w-0 items-center gap-1.5 text-s"
          >
            <span className={cx("inline-grid", person.idle && "grayscale")}>
              <Avatar person={{ id: person.userId, name: person.name }} />
            </span>
            <span className={cx("truncate", person.idle && "text-muted")}>
              {person.name}
              {person.idle && " · idle"}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
