declare module "opsgenie-sdk" {
  type Part = Record<string, (...args: never[]) => void>;
  const sdk: {
    configure(options: { host: string; api_key: string; maxAttempts?: number }): void;
    alertV2: Part;
    heartbeat: Part;
  };
  export = sdk;
}
