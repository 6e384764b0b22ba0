"use client";

import { TextField } from "#/components/ui/field.tsx";
import { conditionNames } from "#/server/alerts/shared/condition-names.ts";

type Props = {
  label: string;
  name: string;
  defaultValue?: string | undefined;
  hint?: string | undefined;
  error: string | undefined;
  required?: boolean | undefined;
};

/** A condition in CEL, with what it can name below it. */
export function ConditionField({ label, name, defaultValue, hint, error, required }: Props) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <TextField
        label={label}
        name={name}
        defaultValue={defaultValue}
        placeholder='severity == "critical" && labels.env == "prod"'
        spellCheck={false}
        autoCapitalize="off"
        className="font-mono text-[13px]!"
        hint={hint}
        error={error}
        required={required}
      />
      <details className="text-s">
        <summary className="w-fit min-h-6 text-accent max-md:min-h-11">What a condition can name</summary>
        <dl className="mt-1 grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5">
          {Object.entries(conditionNames).map(([each, { about }]) => (
            <div key={each} className="contents">
              <dt className="font-mono text-xs leading-[1.65]">{each}</dt>
              <dd className="text-muted wrap-anywhere">{about}</dd>
            </div>
          ))}
        </dl>
        <p className="mt-1.5 text-muted">
          In <abbr title="Common Expression Language">CEL</abbr>: <Code>==</Code> <Code>!=</Code>{" "}
          <Code>&amp;&amp;</Code> <Code>||</Code> <Code>!</Code> <Code>in</Code>, and{" "}
          <Code>title.contains("disk")</Code>, <Code>name.startsWith("Kube")</Code>,{" "}
          <Code>service.matches("^pay")</Code>. What an alert does not have makes the condition false. <Code>true</Code>{" "}
          takes every alert.
        </p>
      </details>
    </div>
  );
}

function Code({ children }: { children: string }) {
  return <code className="font-mono text-xs text-text">{children}</code>;
}
