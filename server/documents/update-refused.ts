/** An update that must not enter the document; `closeCode` is how its connection ends. */
export class UpdateRefused extends Error {
  readonly closeCode: number;
  /** Something that it builds on is missing; it may still come. */
  readonly isGap: boolean;

  constructor(closeCode: number, reason: string, isGap = false) {
    super(reason);
    this.name = "UpdateRefused";
    this.closeCode = closeCode;
    this.isGap = isGap;
  }
}
