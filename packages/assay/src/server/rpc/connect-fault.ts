import { Code, ConnectError } from "@connectrpc/connect";
import { FaultError, fault, faultPolicy } from "#domain";
import { FaultSchema } from "#wire";

const codes: Readonly<Record<number, Code>> = {
  400: Code.InvalidArgument,
  401: Code.Unauthenticated,
  403: Code.PermissionDenied,
  404: Code.NotFound,
  409: Code.FailedPrecondition,
  413: Code.ResourceExhausted,
  422: Code.InvalidArgument,
  429: Code.ResourceExhausted,
  500: Code.Internal,
  503: Code.Unavailable,
  507: Code.ResourceExhausted,
};

/** An error as the protocol carries it, with its fault in the details. What is no fault is a defect, and says nothing of itself. */
export function connectFault(error: unknown, onDefect: (error: unknown) => void): ConnectError {
  if (error instanceof ConnectError) return error;
  if (!(error instanceof FaultError)) onDefect(error);
  const { code, message, remedy } =
    error instanceof FaultError ? error.fault : fault("defect", "the daemon has a defect; its log says more");
  const value = { code, message, remedy: remedy ?? "" };
  const connectCode = codes[faultPolicy(code).httpStatus] ?? Code.Unknown;
  return new ConnectError(message, connectCode, undefined, [{ desc: FaultSchema, value }]);
}
