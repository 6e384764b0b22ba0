import { wholeBelow } from "./seeded.ts";
import { bringsStructs, type SimulatedClient } from "./simulated-client.ts";
import type { SimulatedLink } from "./simulated-link.ts";
import { choicesOf, type Op } from "./simulated-ops.ts";

/** The connections of a room, on which frames move only when told to. */
export class SimulatedNetwork {
  #links: SimulatedLink[] = [];

  get isEmpty(): boolean {
    return this.#links.length === 0;
  }

  /** Nothing is on its way. */
  get isStill(): boolean {
    return this.#links.every((link) => link.toClient.length === 0 && link.toServer.length === 0);
  }

  add(link: SimulatedLink): void {
    this.#links.push(link);
  }

  /** Lets some frames of one connection through, one way. */
  deliver(step: Op): void {
    const link = this.#links[wholeBelow(choicesOf(step), this.#links.length)];
    const count = 1 + Math.floor(step.b * 4);
    for (let frame = 0; link && frame < count; frame += 1) {
      if (step.a < 0.5) link.deliverUp();
      else link.deliverDown();
    }
    this.#links = this.#links.filter((each) => !each.isOver);
  }

  /** Lets all frames through that wait now. */
  deliverAll(): void {
    for (const link of this.#links) {
      for (let frame = 0; frame < 50; frame += 1) {
        link.deliverUp();
        link.deliverDown();
      }
    }
    this.#links = this.#links.filter((each) => !each.isOver);
  }

  /** The process at the other end is gone; this many frames of each connection still arrive. */
  loseServer(frames: number): void {
    for (const link of this.#links) link.loseServer(frames);
  }
}

/** Repeats, leaves out or swaps updates on their way; only where the gate can see it, as TCP never does it unseen. */
export function tamper({ link, doc }: SimulatedClient, step: Op): void {
  if (!link) return;
  const { toServer } = link;
  const at = Math.floor(step.a * toServer.length);
  const [frame, next] = [toServer[at], toServer[at + 1]];
  if (!frame || !bringsStructs(frame, doc.clientID)) return;
  if (step.op === "duplicate") {
    toServer.splice(at + 1 + Math.floor(step.b * 3), 0, frame);
    return;
  }
  if (!next || !bringsStructs(next, doc.clientID)) return;
  link.isTampered = true;
  if (step.op === "skip") toServer.splice(at, 1);
  else toServer.splice(at, 2, next, frame);
}
