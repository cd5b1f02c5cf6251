import { type JSONRPCMessage, ProtocolErrorCode, parseJSONRPCMessage } from "@modelcontextprotocol/server";

export type ReadMessage =
  | { kind: "message"; message: JSONRPCMessage }
  | { kind: "refused"; code: ProtocolErrorCode; why: string };

/** A line as a JSON-RPC message, or as what JSON-RPC answers it with. */
export function readMessage(line: string): ReadMessage {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: "refused", code: ProtocolErrorCode.ParseError, why: "the line is not JSON" };
  }
  try {
    return { kind: "message", message: parseJSONRPCMessage(value) };
  } catch {
    return { kind: "refused", code: ProtocolErrorCode.InvalidRequest, why: "the line is not a JSON-RPC 2.0 message" };
  }
}
