export type FieldProblem = { pointer: string; detail: string };
type ProblemDocument = { title?: string; detail?: string; errors?: FieldProblem[] };

/** An answer that is not a good one, in the words of its problem document. */
export class ApiProblem extends Error {
  /** 0 when there was no answer at all. */
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];

  constructor(status: number, document: ProblemDocument) {
    const title = document.title ?? "Something went wrong";
    super(document.detail ?? title);
    this.status = status;
    this.title = title;
    this.detail = document.detail ?? title;
    this.errors = document.errors ?? [];
  }
}

/** POSTs that never got an answer, with the key they carried: the same request made again is the same act. */
const unanswered = new Map<string, string>();

function newKey(): string {
  // crypto.randomUUID is missing outside secure contexts.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const isJson = response.headers.get("content-type")?.includes("json") ?? false;
  const document = isJson ? ((await response.json().catch(() => ({}))) as ProblemDocument) : {};
  return new ApiProblem(response.status, { title: `The server answered ${response.status}`, ...document });
}

type Asked = {
  method: string;
  path: string;
  text?: string | undefined;
  type?: string;
  signal?: AbortSignal | undefined;
  /** Changes nothing, so its answer is not kept for a repeat. */
  isQuestion?: boolean;
};

function request<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  return send<T>({ method, path, text: body === undefined ? undefined : JSON.stringify(body), signal });
}

async function send<T>({ method, path, text, type = "application/json", signal, isQuestion }: Asked): Promise<T> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (text !== undefined) headers["content-type"] = type;
  const act = `${path} ${text ?? ""}`;
  if (method === "POST" && !isQuestion) {
    headers["idempotency-key"] = unanswered.get(act) ?? newKey();
    unanswered.set(act, headers["idempotency-key"]);
  }
  const init: RequestInit = { method, headers, credentials: "same-origin", cache: "no-store" };
  if (text !== undefined) init.body = text;
  if (signal) init.signal = signal;
  const response = await fetch(path, init).catch(() => {
    throw new ApiProblem(0, {
      title: "No connection",
      detail: "The server cannot be reached. Nothing was changed here.",
    });
  });
  unanswered.delete(act);
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204 || response.headers.get("content-length") === "0") return undefined as T;
  return (await response.json()) as T;
}

/** The browser's way to `/api/v1`, as the person who is signed in. Every call throws `ApiProblem` when the answer is not a good one. */
export const api = {
  /** `signal` gives the request up: it then throws like one without an answer. */
  get: <T>(path: string, signal?: AbortSignal) => request<T>("GET", path, undefined, signal),
  post: <T>(path: string, body?: unknown) => request<T>("POST", path, body ?? {}),
  /** A question too long for an address: a `POST` that changes nothing. */
  ask: <T>(path: string, body: unknown, signal?: AbortSignal) =>
    send<T>({ method: "POST", path, text: JSON.stringify(body), signal, isQuestion: true }),
  put: <T>(path: string, body?: unknown) => request<T>("PUT", path, body),
  /** Sends a file's text as YAML. */
  putText: <T>(path: string, text: string) => send<T>({ method: "PUT", path, text, type: "application/yaml" }),
  patch: <T>(path: string, body?: unknown) => request<T>("PATCH", path, body),
  delete: <T>(path: string, body?: unknown) => request<T>("DELETE", path, body),
};

/** What went wrong, in words for the person who pressed the button. */
export function problemText(error: unknown): string {
  if (!(error instanceof ApiProblem)) return "Something went wrong in this page. Reload it and try again.";
  if (error.errors.length === 0) return error.detail;
  return [...new Set(error.errors.map((each) => each.detail))].join(" ");
}

/** The words about one field, by its JSON pointer (`/title`). */
export function fieldProblem(error: unknown, pointer: string): string | undefined {
  if (!(error instanceof ApiProblem)) return undefined;
  return error.errors.find((each) => each.pointer === pointer)?.detail;
}
