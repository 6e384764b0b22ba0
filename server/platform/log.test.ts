import { expect, it } from "vitest";
import { loggablePath } from "./log.ts";

it.each([
  ["/hooks/SECRET", "/hooks/[key]"],
  ["/integrations/generic/3/alert/SECRET", "/integrations/generic/3/alert/[key]"],
  ["/setup/SECRET", "/setup/[token]"],
  ["/triage/SECRET", "/triage/[token]"],
  ["/approve/SECRET", "/approve/[token]"],
  ["/bounces/SECRET", "/bounces/[token]"],
  ["/subscribe/confirm/SECRET", "/subscribe/confirm/[token]"],
  ["/subscribe/webhook/SECRET", "/subscribe/webhook/[token]"],
  ["/unsubscribe/SECRET", "/unsubscribe/[token]"],
  ["/unsubscribe/webhook/SECRET", "/unsubscribe/webhook/[token]"],
  ["/status?a=1&token=SECRET&key=SECRET", "/status?a=1&token=[hidden]&key=[hidden]"],
  ["/api/v1/incidents/INC-1", "/api/v1/incidents/INC-1"],
])("the log says %s as %s", (path, said) => expect(loggablePath(path)).toBe(said));
