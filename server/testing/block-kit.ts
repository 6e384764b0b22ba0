/** What Slack's documents say that it refuses, and a lower bound for the whole where practice is stricter. */
const LIMITS = {
  blocks: { message: 50, modal: 100 },
  text: 4_000,
  sum: 12_000,
  section: 3_000,
  field: 2_000,
  fields: 10,
  header: 150,
  contextElements: 10,
  actions: 25,
  id: 255,
  buttonText: 75,
  buttonValue: 2_000,
  url: 3_000,
  label: 2_000,
  placeholder: 150,
  plainInput: 3_000,
  options: 100,
  choices: 10,
  optionText: 75,
  optionValue: 150,
  modalTitle: 24,
  metadata: 3_000,
} as const;

type Json = { [key: string]: unknown };
const isObject = (value: unknown): value is Json => value !== null && typeof value === "object";
const list = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const textOf = (value: unknown): string => (isObject(value) && typeof value.text === "string" ? value.text : "");

/** A call of everybody, a mention or a link that was not made by us. */
const CALL = /<[!@#](?!date\^)[^>]*>/;

type Report = (problem: string) => void;

function checkText(value: unknown, lengthMax: number, place: string, report: Report): void {
  const text = textOf(value);
  if (text.length === 0) report(`${place} is empty`);
  if (text.length > lengthMax) report(`${place} has ${text.length} of ${lengthMax} characters`);
  if (!text.isWellFormed()) report(`${place} is cut inside a character`);
  if (isObject(value) && value.type === "mrkdwn") {
    if (CALL.test(text)) report(`${place} calls somebody: ${CALL.exec(text)?.[0]}`);
    const outside = text.replace(/<(!date\^[^<>]*|https?:[^<>|]*(\|[^<>]*)?)>/g, "");
    if (/[<>]/.test(outside)) report(`${place} has an unescaped < or >`);
    if (/&(?!amp;|lt;|gt;)/.test(outside)) report(`${place} has an unescaped &`);
  }
}

function checkOptions(options: readonly Json[], max: number, place: string, report: Report): void {
  if (options.length === 0 || options.length > max) report(`${place} has ${options.length} of ${max} options`);
  for (const option of options) {
    checkText(option.text, LIMITS.optionText, `${place} option`, report);
    if (option.description) checkText(option.description, LIMITS.optionText, `${place} description`, report);
    const value = String(option.value ?? "");
    if (value === "" || value.length > LIMITS.optionValue) report(`${place} option value has ${value.length}`);
  }
}

function checkElement(element: Json, place: string, report: Report): void {
  const { type } = element;
  if (element.action_id !== undefined && String(element.action_id).length > LIMITS.id) report(`${place} action_id`);
  if (element.placeholder) checkText(element.placeholder, LIMITS.placeholder, `${place} placeholder`, report);
  if (type === "button") {
    checkText(element.text, LIMITS.buttonText, `${place} button`, report);
    if (String(element.value ?? "").length > LIMITS.buttonValue) report(`${place} button value`);
    if (String(element.url ?? "").length > LIMITS.url) report(`${place} button url`);
  }
  if (type === "static_select") checkOptions(list(element.options), LIMITS.options, place, report);
  if (type === "radio_buttons" || type === "checkboxes")
    checkOptions(list(element.options), LIMITS.choices, place, report);
  if (type === "plain_text_input") {
    const max = Number(element.max_length ?? LIMITS.plainInput);
    if (max < 1 || max > LIMITS.plainInput) report(`${place} max_length ${max}`);
    if (String(element.initial_value ?? "").length > max) report(`${place} initial_value`);
  }
}

function checkBlock(block: Json, place: string, report: Report): void {
  if (String(block.block_id ?? "").length > LIMITS.id) report(`${place} block_id`);
  const fields = list(block.fields);
  switch (block.type) {
    case "header":
      checkText(block.text, LIMITS.header, place, report);
      return;
    case "section":
      if (!block.text && fields.length === 0) report(`${place} has neither text nor fields`);
      if (block.text) checkText(block.text, LIMITS.section, place, report);
      if (fields.length > LIMITS.fields) report(`${place} has ${fields.length} fields`);
      for (const field of fields) checkText(field, LIMITS.field, `${place} field`, report);
      return;
    case "context":
    case "actions": {
      const elements = list(block.elements);
      const max = block.type === "context" ? LIMITS.contextElements : LIMITS.actions;
      if (elements.length === 0 || elements.length > max) report(`${place} has ${elements.length} of ${max} elements`);
      for (const element of elements) {
        if (block.type === "context") checkText(element, LIMITS.section, place, report);
        else checkElement(element, place, report);
      }
      return;
    }
    case "input":
      checkText(block.label, LIMITS.label, `${place} label`, report);
      if (block.hint) checkText(block.hint, LIMITS.label, `${place} hint`, report);
      if (isObject(block.element)) checkElement(block.element, place, report);
      return;
    case "divider":
      return;
    default:
      report(`${place} is of the kind ${String(block.type)}, which is not looked at here`);
  }
}

function checkBlocks(blocks: readonly Json[], max: number, report: Report): void {
  if (blocks.length > max) report(`${blocks.length} of ${max} blocks`);
  const ids = blocks.map((block) => block.block_id).filter((id) => id !== undefined);
  if (new Set(ids).size < ids.length) report("two blocks have one block_id");
  for (const [at, block] of blocks.entries()) checkBlock(block, `block ${at} (${String(block.type)})`, report);
}

/** Every text of a value together. */
function sumOf(value: unknown): number {
  if (typeof value === "string") return 0;
  if (Array.isArray(value)) return value.reduce((sum: number, each) => sum + sumOf(each), 0);
  if (!isObject(value)) return 0;
  const own = typeof value.text === "string" ? value.text.length : 0;
  return Object.values(value).reduce((sum: number, each) => sum + sumOf(each), own);
}

/** Why Slack would refuse a message, or show what it must not; empty when it takes it. Pure. */
export function messageProblems(message: { text?: unknown; blocks?: unknown }): string[] {
  const problems: string[] = [];
  const report: Report = (problem) => problems.push(problem);
  const text = typeof message.text === "string" ? message.text : "";
  checkText({ type: "mrkdwn", text }, LIMITS.text, "text", report);
  const blocks = list(message.blocks);
  checkBlocks(blocks, LIMITS.blocks.message, report);
  const sum = text.length + sumOf(blocks);
  if (sum > LIMITS.sum) report(`${sum} of ${LIMITS.sum} characters in all`);
  return problems;
}

/** Why Slack would refuse a dialog. Pure. */
export function viewProblems(view: Json): string[] {
  const problems: string[] = [];
  const report: Report = (problem) => problems.push(problem);
  if (view.type !== "modal") report(`a view of the kind ${String(view.type)}`);
  for (const name of ["title", "submit", "close"]) {
    if (view[name] !== undefined || name === "title") checkText(view[name], LIMITS.modalTitle, name, report);
  }
  if (String(view.private_metadata ?? "").length > LIMITS.metadata) report("private_metadata");
  if (String(view.callback_id ?? "").length > LIMITS.id) report("callback_id");
  checkBlocks(list(view.blocks), LIMITS.blocks.modal, report);
  const hasInput = list(view.blocks).some((block) => block.type === "input");
  if (hasInput && view.submit === undefined) report("a view with inputs has no submit");
  return problems;
}
