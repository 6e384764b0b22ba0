import { type ASTNode, Environment } from "@marcbachmann/cel-js";
import { RE2JS } from "re2js";
import { AppError, messageOf } from "#/server/platform/errors.ts";

/** Longer conditions are no longer read by people. */
export const CONDITION_LENGTH_MAX = 2_000;
const CONDITIONS_KEPT_MAX = 2_000;
const PATTERNS_KEPT_MAX = 500;
const MATCHED_TEXT_MAX = 20_000;
const LOOPS: readonly string[] = ["exists", "all", "exists_one", "map", "filter"];

/** What a condition may name. Each is plain JSON; the fields of `item` or of the alert stand beside them. */
export type ConditionScope = Record<string, unknown>;
export type Condition = {
  /** The value of the expression; null when it names something that is not there, or cannot be computed. */
  value(scope: ConditionScope): unknown;
  holds(scope: ConditionScope): boolean;
};

const patterns = new Map<string, RE2JS>();

/** A pattern that takes time in proportion to the text, whoever wrote it. @throws AppError "invalid" */
export function patternOf(source: string): RE2JS {
  const known = patterns.get(source);
  if (known) return known;
  try {
    const compiled = RE2JS.compile(source);
    if (patterns.size >= PATTERNS_KEPT_MAX) patterns.clear();
    patterns.set(source, compiled);
    return compiled;
  } catch (error) {
    throw new AppError("invalid", `The pattern “${source}” cannot be read: ${messageOf(error)}.`);
  }
}

const environment = new Environment({
  unlistedVariablesAreDyn: true,
  homogeneousAggregateLiterals: false,
  enableOptionalTypes: true,
  limits: { maxAstNodes: 500, maxDepth: 30, maxListElements: 500, maxMapEntries: 100, maxCallArguments: 8 },
}).registerFunction("string.re2find(string): bool", (text: string, pattern: string) =>
  patternOf(pattern).matcher(text.slice(0, MATCHED_TEXT_MAX)).find(),
);

/**
 * The language's own `matches` runs on a backtracking engine. Its calls are led to one that does not backtrack;
 * the name is as long, so that the positions in error messages stay true. And `a ? "x" : null` is what people write
 * for "else nothing", though the language wants one type in both branches.
 */
function prepared(source: string): string {
  return source.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\.\s*matches(?=\s*\()|[?:]\s*null\b/g, (token) => {
    if (token.startsWith(".")) return token.replace("matches", "re2find");
    return /^[?:]/.test(token) ? token.replace("null", "dyn(null)") : token;
  });
}

/** An error message in the words of what was written. */
function asWritten(message: string): string {
  return message.replaceAll("re2find", "matches").replaceAll("dyn(null)", "null");
}

function nodesIn(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn);
  return args !== null && typeof args === "object" && "op" in args ? [args as ASTNode] : [];
}

/** One loop over what a sender sent is bounded by its size; a loop in a loop is not. */
function refuseNestedLoops(node: ASTNode, inLoop: boolean): void {
  const isLoop = node.op === "rcall" && LOOPS.includes(String((node.args as unknown[])[0]));
  if (isLoop && inLoop) throw new AppError("invalid", "A condition cannot loop inside a loop.");
  for (const inner of nodesIn(node.args)) refuseNestedLoops(inner, inLoop || isLoop);
}

const conditions = new Map<string, Condition>();

/**
 * Compiles a condition in CEL (https://github.com/google/cel-spec) once. No I/O, no clock, no unbounded loops.
 *
 * @throws AppError "invalid" with the place, in words for whoever wrote it.
 */
export function conditionOf(source: string): Condition {
  const known = conditions.get(source);
  if (known) return known;
  if (source.length > CONDITION_LENGTH_MAX) {
    throw new AppError("invalid", `A condition has at most ${CONDITION_LENGTH_MAX} characters.`);
  }
  const compiled = compile(source);
  if (conditions.size >= CONDITIONS_KEPT_MAX) conditions.clear();
  conditions.set(source, compiled);
  return compiled;
}

function compile(source: string): Condition {
  let parsed: ReturnType<Environment["parse"]>;
  try {
    parsed = environment.parse(prepared(source));
  } catch (error) {
    throw new AppError("invalid", `The condition cannot be read: ${asWritten(messageOf(error))}`);
  }
  refuseNestedLoops(parsed.ast, false);
  function value(scope: ConditionScope): unknown {
    try {
      const result: unknown = parsed(scope);
      return typeof result === "bigint" ? Number(result) : result;
    } catch {
      // Names something that this delivery does not have: that is an answer, not a fault.
      return null;
    }
  }
  return { value, holds: (scope) => value(scope) === true };
}
