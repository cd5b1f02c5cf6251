import type { Fault } from "@assay/sdk";
import { FaultError } from "#domain";

export type HttpDetails = {
  /** Where HTTP has a status that says more than the fault's own. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
};

/** A fault with what HTTP says about it besides. */
export class HttpFault extends FaultError {
  readonly details: HttpDetails;

  constructor(value: Fault, details: HttpDetails) {
    super(value);
    this.details = details;
  }
}
