import type { OperatorName } from "#syntax";
import type { Trial } from "./distinct-edits.ts";

/** What each operator does, for the sentence a person reads. */
const titles: Record<OperatorName, string> = {
  cmp_adj: "comparison, adjacent",
  cmp: "comparison",
  cmp_const: "comparison and constant",
  swap_operand: "operands swapped",
  bool: "and / or",
  coalesce: "missing-value operator",
  bool_drop: "condition dropped",
  negate: "negated",
  arith: "arithmetic operator",
  drop_operand: "operand dropped",
  reassoc: "grouping",
  unary: "sign or negation removed",
  const: "constant",
  const_str: "string constant",
  const2var: "constant to variable",
  aug2assign: "assignment instead of update",
  assign2aug: "update instead of assignment",
  lhs: "assignment target",
  var_same: "variable of the same kind",
  var: "variable",
  swap_arg: "arguments swapped",
  drop_arg: "argument dropped",
  add_arg: "argument added",
  call_kw: "keyword argument",
  swap_elem: "elements swapped",
  list_nest: "list nested",
  list_fill: "list filled",
  call_pair: "related function",
  attr_pair: "related attribute",
  attr: "attribute",
  callee: "called function",
  slice: "part of a sequence",
  slice_bound: "slice bound",
  index: "index",
  expr_pm1: "off by one",
  expr_pmvar: "variable added or subtracted",
  wrap_num: "numeric wrap",
  wrap_minmax: "bounded",
  wrap_call: "converted",
  unwrap: "unwrapped",
  cond_add: "condition added",
  cond_add_pre: "condition added in front",
  cond_replace: "condition replaced",
  cond_const: "condition made constant",
  ret: "returned variable",
  ret_cmp: "returned comparison",
  donor_expr: "expression from the same function",
  expr2var: "expression to variable",
  concat: "joined with a variable",
  brk: "break / continue",
  yield_from: "yield from",
  optional_chain: "optional access",
  await_add: "awaited",
  default_add: "default value",
  del_stmt: "statement deleted",
  unwrap_if: "guard removed",
  swap_stmt: "statements swapped",
  dedent: "statement moved out of the block",
  indent: "statement moved into the block",
  ins_assign: "assignment inserted",
  ins_call: "call inserted",
  ins_copy: "statement copied",
  ins_aug: "update inserted",
  ins_brk: "jump inserted",
  ins_ret: "return inserted",
  ins_guard: "guard inserted",
};

const quotedMax = 60;

/** E.g. ``replace `<` by `<=` in src/cart.py line 12 (comparison, adjacent)``. */
export function describeTrial({ edit, source }: Trial): string {
  const where = `in ${edit.file} line ${edit.line} (${titles[edit.operator]})`;
  const [before, after] = [source.slice(edit.start, edit.end).trim(), edit.replacement.trim()];
  if (before === "") return `insert ${quoted(after)} ${where}`;
  if (after === "") return `delete ${quoted(before)} ${where}`;
  return `replace ${quoted(before)} by ${quoted(after)} ${where}`;
}

function quoted(text: string): string {
  const line = text.replace(/\s+/g, " ").replaceAll("`", "'");
  return `\`${line.length > quotedMax ? `${line.slice(0, quotedMax - 1)}…` : line}\``;
}
