import type { Shape } from "./shape.ts";

/** What kind of value an expression probably holds; a guess from names, literals, annotations and use. */
export type ValueKind = "number" | "string" | "boolean" | "list" | "set" | "map" | "null" | "function";

/** Operators of one group may replace one another. */
export type OperatorGroup =
  | "comparison"
  | "equality"
  | "identity"
  | "membership"
  | "boolean"
  | "arithmetic"
  | "bitwise"
  | "coalesce"
  | "other";

export type BinaryOperator = {
  group: OperatorGroup;
  /** Higher binds tighter. */
  precedence: number;
  /** The operator most often confused with it. */
  adjacent?: string;
  /** Further operators that may replace it, beside those of its group. */
  others?: readonly string[];
};

/** A text with `$x` where an expression goes. `tight`: the expression must bind like a primary there. */
export type Template = { text: string; tight?: boolean; precedence: number };

/** Everything operators need to know of a language, as data: adding a language is adding a table. */
export type LanguageTable = {
  readonly name: "python" | "javascript" | "typescript" | "tsx";
  /** File name endings with their dot. */
  readonly extensions: readonly string[];
  /** Name of the grammar for `@ast-grep/napi`. */
  readonly grammar: string;
  readonly shapes: Readonly<Record<string, Shape>>;
  /** Statements hang on indentation instead of braces. */
  readonly indented: boolean;
  /** Ends a simple statement. */
  readonly terminator: string;
  /** Kinds of declarations whose names live in the enclosing block only. */
  readonly blockScoped: ReadonlySet<string>;
  readonly binary: Readonly<Record<string, BinaryOperator>>;
  /** Assignment operators by the binary operator they apply, e.g. `+` to `+=`. */
  readonly augmented: Readonly<Record<string, string>>;
  /** Of unary minus, of logical not, of `await`, of the conditional expression and the lambda, of a primary. */
  readonly precedence: {
    unary: number;
    not: number;
    await: number;
    conditional: number;
    lambda: number;
    primary: number;
  };
  readonly words: {
    true: string;
    false: string;
    null: string;
    not: string;
    and: string;
    or: string;
    equal: string;
    unequal: string;
    pass: string;
    power: string;
    modulo: string;
  };
  /** Which part of a conditional expression is its condition. */
  readonly conditionalIndex: number;
  /** Names used interchangeably by mistake, as functions and as methods. */
  readonly paired: readonly (readonly [string, string])[];
  /** Wraps of a numeric value, of any value by a conversion, of two values by minimum and maximum. */
  readonly wraps: {
    number: readonly Template[];
    convert: readonly Template[];
    /** Texts made alike: case, white space. */
    string: readonly Template[];
    /** With `$y` for the bound. */
    bound: readonly Template[];
    length: Template;
    isNull: Template;
    notNull: Template;
  };
  /** Views on a sequence: all but the first, the last element… */
  readonly views: readonly Template[];
  /** One item of a sequence: the first, the last. */
  readonly items: readonly Template[];
  /** Views that depend on a second value `$y`. */
  readonly viewsBy: readonly Template[];
  /** Functions whose calls may take one more argument. */
  readonly extensible: ReadonlySet<string>;
  /** Arithmetic signs that something else than numbers may stand beside: texts that are joined, lists that are repeated. */
  readonly mixedSigns: readonly string[];
  /** An added argument for some functions, e.g. `reverse=True`. */
  readonly keywordFlags: readonly { functions: readonly string[]; keyword: string; text: string }[];
  /** `$x` collection, `$y` element. */
  readonly appends: Readonly<Partial<Record<"list" | "set", string>>>;
  readonly emptyList: string;
  /** A conditional statement: `$c` condition, `$s` statement, `$i` one more indentation. */
  readonly guard: string;
  /** Value kinds by regular expression over a type annotation. */
  readonly annotations: readonly (readonly [RegExp, ValueKind])[];
  /** Value kinds by the called function's or method's last name. */
  readonly results: Readonly<Record<string, ValueKind>>;
  /** Kind of the receiver of a method or attribute of that name. */
  readonly receivers: Readonly<Record<string, ValueKind>>;
  /** Keyword with which a function's result is awaited, where the language has one. */
  readonly awaitKeyword?: string;
  /** Text that turns a member access into one that stops at a missing value. */
  readonly optionalAccess?: string;
  /** Texts for a parameter's default value. */
  readonly defaults: readonly string[];
};
