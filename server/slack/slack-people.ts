import { eq, sql } from "drizzle-orm";
import { users } from "#/db/schema/index.ts";
import type { Actor, UserActor } from "#/server/access/index.ts";
import { type Core, type Ctx, ctxFor } from "#/server/events/index.ts";
import { type SendFailure, type SlackPerson, slackPersonOf } from "#/server/notify/index.ts";
import type { SlackSettings } from "#/server/settings/contract.ts";

/** Names and addresses change rarely; a person who talks is asked for once in this time. */
const KNOWN_FOR_MS = 5 * 60_000;
/** More people than this do not talk in five minutes. */
const KNOWN_MAX = 1_000;

export type Asker = { ctx: Ctx } | { refusal: string };

/** Who people in Slack are: asked of Slack, remembered for minutes, and matched with accounts by their address. */
export function createSlackPeople(core: Core) {
  const known = new Map<string, { person: SlackPerson; until: number }>();

  async function find(slack: SlackSettings, userId: string): Promise<SlackPerson | SendFailure> {
    const now = core.now().getTime();
    const before = known.get(userId);
    if (before && before.until > now) return before.person;
    const person = await slackPersonOf(slack, userId);
    if (!person.ok) return person;
    const [oldest] = known.keys();
    if (known.size >= KNOWN_MAX && oldest) known.delete(oldest);
    // Whoever has no address here may have got one a minute later.
    if (person.email) known.set(userId, { person, until: now + KNOWN_FOR_MS });
    return person;
  }

  /** The account of an address, as it is now: role and disabling count at once. */
  async function accountOf(email: string): Promise<UserActor | "disabled" | undefined> {
    const [user] = await core.db.read
      .select()
      .from(users)
      .where(eq(sql`lower(${users.email})`, email.toLowerCase()));
    if (!user) return undefined;
    if (user.disabledAt) return "disabled";
    return { kind: "user", userId: user.id, name: user.name, email: user.email, role: user.role };
  }

  return {
    find,
    accountOf,
    /** Who asks for something in Slack, as their account here: what they may do, the commands decide. */
    async asker(slack: SlackSettings, userId: string): Promise<Asker> {
      const person = await find(slack, userId);
      if (!person.ok) return { refusal: `Muster could not find out who you are: ${person.reason}` };
      if (!person.email) {
        return { refusal: "Muster knows people by their e-mail address, and Slack does not say yours." };
      }
      const actor = await accountOf(person.email);
      if (actor === "disabled") return { refusal: "Your account in Muster was disabled." };
      if (!actor) {
        return {
          refusal: `Nobody in Muster has the address ${person.email}. Ask an administrator for an account with it.`,
        };
      }
      return { ctx: ctxFor(core, actor satisfies Actor) };
    },
  };
}
export type SlackPeople = ReturnType<typeof createSlackPeople>;
