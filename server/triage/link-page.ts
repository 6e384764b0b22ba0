import { html } from "hono/html";
import { declineReasons, REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { linkFrame } from "#/server/notify/index.ts";
import type { LinkAct } from "#/server/updates/index.ts";
import type { SuggestionView } from "./contract.ts";

export type LinkSubject = { reference: string; title: string; url: string };
export type LinkPage =
  | { kind: "message"; title: string; text: string; subject?: LinkSubject | undefined }
  | {
      kind: "ask";
      act: LinkAct;
      subject: LinkSubject;
      as: string;
      suggestions: readonly SuggestionView[];
      problem?: string | undefined;
    };

type Html = ReturnType<typeof html>;

const acts: Record<LinkAct, string> = { accept: "Accept", merge: "Merge", decline: "Decline" };

function reasons(): Html {
  return html`<fieldset><legend>Why is it none?</legend>${declineReasons.map(
    (reason, at) =>
      html`<label class="choice"><input type="radio" name="reason" value="${reason}" ${at === 0 ? "checked" : ""}><span>${reason}</span></label>`,
  )}</fieldset>
<label class="label" for="words">In your words</label><textarea id="words" name="words" maxlength="${REASON_LENGTH_MAX - 60}"></textarea>`;
}

function targets(suggestions: readonly SuggestionView[]): Html {
  return html`<fieldset><legend>Into which incident?</legend>${suggestions.map(
    ({ incident, reasons: why }, at) =>
      html`<label class="choice"><input type="radio" name="into" value="${incident.id}" ${at === 0 ? "checked" : ""}><span>${incident.reference} ${incident.title}<small>${why.join(" · ")}</small></span></label>`,
  )}</fieldset>`;
}

function question(page: Extract<LinkPage, { kind: "ask" }>): Html {
  const { act, subject, suggestions, as, problem } = page;
  const canAct = act !== "merge" || suggestions.length > 0;
  return html`<h1>${acts[act]} ${subject.reference}?</h1>
<p class="name">${subject.title}</p>
${problem ? html`<p role="alert">${problem}</p>` : ""}
${canAct ? "" : html`<p>No open incident looks like this one. Open it to merge it into another.</p>`}
<form method="post">
${act === "decline" ? reasons() : ""}${act === "merge" && canAct ? targets(suggestions) : ""}
<div class="acts">${canAct ? html`<button type="submit">${acts[act]}</button>` : ""}<a href="${subject.url}">Open ${subject.reference}</a></div>
</form>
${canAct ? html`<p class="muted as">You act as ${as}.</p>` : ""}`;
}

function message({ title, text, subject }: Extract<LinkPage, { kind: "message" }>): Html {
  return html`<h1>${title}</h1><p>${text}</p>${
    subject ? html`<div class="acts"><a href="${subject.url}">Open ${subject.reference}</a></div>` : ""
  }`;
}

/** A page of one question or one answer, as text. Everything in it is escaped. */
export async function renderLinkPage(page: LinkPage): Promise<string> {
  const title = page.kind === "ask" ? `${acts[page.act]} ${page.subject.reference}?` : page.title;
  return linkFrame(title, page.kind === "ask" ? question(page) : message(page));
}
