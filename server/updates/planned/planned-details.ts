import type { Sql } from "#/db/client.ts";
import {
  type MatchSubject,
  mayHear,
  type ReachedAudience,
  selectAudiences,
  selectComponents,
} from "#/server/audience/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { chosenAudiences, matchSubject } from "../audience-deliveries.ts";
import { utcText } from "../compose.ts";
import type { CorrectUpdateInput, PublishUpdateInput } from "../contract.ts";
import { changesIn, findPublicIncident, lastPublicTitle, namedBy, type PublicIncidentRow } from "../public-incident.ts";
import { isOnPage, publicTitle } from "../rules.ts";
import { type Wordings, wordedChannels } from "../shared/lists.ts";
import { channelWords, componentStatusWords, dataLossSentences } from "../shared/words.ts";
import type { PlannedDetail } from "./contract.ts";

/** What a planned update is read against, to say what it would do besides its text. */
export type PlannedWorld = {
  components: Awaited<ReturnType<typeof selectComponents>>;
  audiences: readonly ReachedAudience[];
  subject: MatchSubject;
  known: PublicIncidentRow | undefined;
  lastTitle: string | null;
};

/** Reads it once for all that waits in an incident. */
export async function plannedWorld(q: Sql, incident: IncidentRow): Promise<PlannedWorld> {
  return {
    components: await selectComponents(q),
    audiences: await selectAudiences(q),
    subject: await matchSubject(q, incident, []),
    known: await findPublicIncident(q, incident.id),
    lastTitle: await lastPublicTitle(q, incident.id),
  };
}

function wordingDetails(wordings: Wordings = {}): PlannedDetail[] {
  return wordedChannels.flatMap((channel) => {
    const text = wordings[channel];
    return text ? [{ label: `${channelWords[channel]} says instead`, text }] : [];
  });
}

function audienceNames(update: PublishUpdateInput, world: PlannedWorld, named: readonly string[]): string[] {
  const { audience = "public", audiences } = update;
  const components = [...new Set([...world.subject.components, ...named])];
  const fit = world.audiences.filter((one) => mayHear(one.kind, audience));
  // Of those that were chosen, one may be gone by now.
  const chosen = audiences?.filter((id) => fit.some((one) => one.id === id.toLowerCase()));
  const wish = { audience, chosen, subject: { ...world.subject, components } };
  return chosenAudiences(fit, wish).map((one) => one.name);
}

/** What an update does besides saying its text, line by line. Pure. */
export function detailsOfUpdate(update: PublishUpdateInput, world: PlannedWorld): PlannedDetail[] {
  const { audience = "public", channels, title, dataLost, nextUpdateAt, impact, wordings } = update;
  const changes = changesIn(world.components, update, world.known, isOnPage({ audience, channels }));
  const named = namedBy(update, changes);
  const names = named.map((each) => each.name);
  const called = audience === "public" ? publicTitle(title, world.lastTitle, names) : title;
  const heard = audienceNames(
    update,
    world,
    named.map((each) => each.id),
  );
  const lines: [string, string | null | undefined | false][] = [
    [audience === "public" ? "Public title" : "Title", called],
    ["Components", changes.map((each) => `${each.name}: ${componentStatusWords[each.newStatus]}`).join("\n")],
    ["Impact", impact],
    ["At its end", dataLost && dataLossSentences[dataLost]],
    ["Next update", nextUpdateAt && `Promised for ${utcText(new Date(nextUpdateAt))}`],
    ["Named audiences", heard.join(", ")],
  ];
  const said = lines.flatMap(([label, text]) => (text ? [{ label, text }] : []));
  return [...wordingDetails(wordings), ...said];
}

/** What a correction does besides saying its text, line by line. Pure. */
export function detailsOfCorrection(correction: CorrectUpdateInput, before: Wordings = {}): PlannedDetail[] {
  const { wordings = {}, notify } = correction;
  const back = wordedChannels.filter((channel) => before[channel] && !wordings[channel]);
  return [
    ...wordingDetails(wordings),
    ...back.map((channel) => ({ label: channelWords[channel], text: "Says this text, too, and no words of its own." })),
    ...(notify ? [{ label: "E-mail", text: "The mail is sent again." }] : []),
  ];
}
