/** An update that must not enter the document; `closeCode` is how its connection ends. */
export class UpdateRefused extends Error {
  readonly closeCode: number;

  constructor(closeCode: number, reason: string) {
    super(reason);
    this.name = "UpdateRefused";
    this.closeCode = closeCode;
  }
}
