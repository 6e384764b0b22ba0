import { setImmediate as nextTurn } from "node:timers/promises";

type Waiting<In, Out> = { asked: In; resolve: (answer: Out) => void; reject: (error: unknown) => void };

/**
 * One piece of work for many callers: what is asked while a group is at work makes the next, which begins at once.
 * When a group fails, each is tried alone, so that a caller gets no other's error.
 */
export class Gathering<In, Out> {
  readonly #work: (group: readonly In[]) => Promise<readonly Out[]>;
  readonly #groupMax: number;
  #waiting: Waiting<In, Out>[] = [];
  #isRunning = false;

  /** `work` answers in the order of the group, and does nothing by halves: what it failed at may be asked again. */
  constructor(groupMax: number, work: (group: readonly In[]) => Promise<readonly Out[]>) {
    this.#groupMax = groupMax;
    this.#work = work;
  }

  /** True while anybody waits for an answer. */
  get isBusy(): boolean {
    return this.#isRunning;
  }

  /** Work that begins after this was asked. @throws what `work` throws for this one alone */
  ask(asked: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ asked, resolve, reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      // Requests whose packets are read in the same turn of the event loop go together.
      await nextTurn();
      await this.#answer(this.#waiting.splice(0, this.#groupMax));
    }
    this.#isRunning = false;
  }

  async #answer(group: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const answers = await this.#work(group.map(({ asked }) => asked));
      for (const [place, { resolve }] of group.entries()) resolve(answers[place] as Out);
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      else for (const one of group) await this.#answer([one]);
    }
  }
}
