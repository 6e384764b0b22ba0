import { html } from "hono/html";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { linkFrame } from "#/server/notify/index.ts";
import { diffText } from "#/server/timeline/shared/text-diff.ts";
import { type PlannedUpdateView, utcText } from "#/server/updates/index.ts";

import { channelWords, updateStatusWords } from "#/server/updates/shared/words.ts";

type Subject = { reference: string; title: string; url: string };
export type ApprovalPage =
  | { kind: "message"; title: string; text: string; subject?: Subject | undefined }
  | { kind: "ask"; planned: PlannedUpdateView; subject: Subject; as: string; problem?: string | undefined };

type Html = ReturnType<typeof html>;

function differences(before: string, after: string): Html {
  const parts = diffText(before, after).map(({ kind, text }) => {
    if (kind === "same") return html`${text}`;
    return kind === "added" ? html`<ins>${text}</ins>` : html`<del>${text}</del>`;
  });
  return html`<div class="text">${parts}</div>`;
}

/** The whole text, and what became of the one before it: of the one asked for, else of the one that is out. */
function texts({ body, bodyBefore, bodyOut }: PlannedUpdateView): Html {
  const before = bodyBefore !== null && bodyBefore !== body ? bodyBefore : bodyOut;
  const heading = before === bodyOut ? "Changed from what is out" : "Changed from what was asked before";
  const changed =
    before === null || before === body
      ? ""
      : html`<details open><summary>${heading}</summary>${differences(before, body)}</details>`;
  return html`<div class="text">${body}</div>${changed}`;
}

/** What goes out besides the text. */
function details(planned: PlannedUpdateView): Html | "" {
  if (planned.details.length === 0) return "";
  return html`<dl>${planned.details.map(({ label, text }) => html`<dt>${label}</dt><dd>${text}</dd>`)}</dl>`;
}

function whatOf(planned: PlannedUpdateView): string {
  const { update, audience, publishAt } = planned;
  const what = update ? `Update · ${updateStatusWords[update.status]}` : "Correction";
  const when = publishAt ? ` · goes out at ${utcText(new Date(publishAt))}` : " · goes out as soon as it is approved";
  const channels = update?.channels.length ? ` · ${update.channels.map((each) => channelWords[each]).join(", ")}` : "";
  return `${what} · ${audience === "public" ? "Public" : "Internal"}${channels}${when}`;
}

function question({ planned, subject, as, problem }: Extract<ApprovalPage, { kind: "ask" }>): Html {
  return html`<h1>${planned.askedBy.name} asks you to approve this</h1>
<p class="name">${subject.reference} ${subject.title}</p>
<p class="muted">${whatOf(planned)}</p>
${problem ? html`<p role="alert">${problem}</p>` : ""}${planned.hindrance ? html`<p role="alert">${planned.hindrance}</p>` : ""}
${texts(planned)}${details(planned)}
<form method="post"><input type="hidden" name="version" value="${planned.version}"><input type="hidden" name="act" value="approve">
<div class="acts"><button type="submit">Approve</button><a href="${subject.url}">Open ${subject.reference}</a></div></form>
<details><summary>Decline</summary><form method="post"><input type="hidden" name="act" value="decline">
<label class="label" for="reason">Why?</label><textarea id="reason" name="reason" required maxlength="${REASON_LENGTH_MAX}"></textarea>
<div class="acts"><button class="quiet" type="submit">Decline with this reason</button></div></form></details>
<p class="muted as">You act as ${as}.</p>`;
}

function message({ title, text, subject }: Extract<ApprovalPage, { kind: "message" }>): Html {
  const link = subject ? html`<div class="acts"><a href="${subject.url}">Open ${subject.reference}</a></div>` : "";
  return html`<h1>${title}</h1><p>${text}</p>${link}`;
}

/** A page of one question or one answer, as text. Everything in it is escaped. */
export function approvalPage(page: ApprovalPage): Promise<string> {
  if (page.kind === "message") return linkFrame(page.title, message(page));
  return linkFrame(`Approve an update of ${page.subject.reference}?`, question(page));
}
