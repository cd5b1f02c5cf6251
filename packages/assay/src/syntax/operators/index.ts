import type { Operator } from "../operator.ts";
import { callArguments } from "./arguments.ts";
import { arithmetic, augmented } from "./arithmetic.ts";
import { assignment, target } from "./assignment.ts";
import { boolean } from "./boolean.ts";
import { comparison } from "./comparison.ts";
import { condition } from "./condition.ts";
import { conditionalStatement } from "./conditional-statement.ts";
import { constant, constantToVariable } from "./constant.ts";
import { donor } from "./donor.ts";
import { elements } from "./elements.ts";
import { expressionShift } from "./expression-shift.ts";
import { awaited, jump, optionalAccess, parameterDefault } from "./flow.ts";
import { insertion } from "./insertion.ts";
import { callee, naming } from "./naming.ts";
import { returnMissing, returnValue } from "./return-value.ts";
import { slice, sliceBound } from "./slicing.ts";
import { statementMoves } from "./statement-moves.ts";
import { statementRemoval } from "./statement-removal.ts";
import { negate, unary } from "./unary.ts";
import { variable } from "./variable.ts";
import { unwrap, wrap } from "./wrap.ts";

/** All operators, in the order in which drafts of equal score are tried. */
export const operators: readonly Operator[] = [
  comparison,
  boolean,
  negate,
  arithmetic,
  augmented,
  unary,
  constant,
  naming,
  callee,
  callArguments,
  elements,
  variable,
  expressionShift,
  sliceBound,
  slice,
  unwrap,
  optionalAccess,
  awaited,
  jump,
  assignment,
  target,
  returnValue,
  returnMissing,
  condition,
  constantToVariable,
  wrap,
  statementMoves,
  conditionalStatement,
  statementRemoval,
  parameterDefault,
  insertion,
  donor,
];
