import type { LanguageTable } from "../language.ts";
import { javascript } from "./javascript.ts";

/** JavaScript and its types: what is a type is never edited. */
export const typescript: LanguageTable = {
  ...javascript,
  name: "typescript",
  extensions: [".ts", ".mts", ".cts"],
  grammar: "TypeScript",
  shapes: {
    ...javascript.shapes,
    required_parameter: "parameter",
    optional_parameter: "parameter",
    as_expression: "cast",
    satisfies_expression: "cast",
    non_null_expression: "cast",
    type_annotation: "type",
    type_arguments: "type",
    type_parameters: "type",
    predefined_type: "type",
    type_identifier: "type",
    generic_type: "type",
    array_type: "type",
    union_type: "type",
    literal_type: "type",
    object_type: "type",
    function_type: "type",
    tuple_type: "type",
    readonly_type: "type",
    lookup_type: "type",
    interface_declaration: "import",
    type_alias_declaration: "import",
    enum_declaration: "import",
    ambient_declaration: "import",
    abstract_class_declaration: "class",
    function_signature: "import",
    implements_clause: "type",
    type_predicate_annotation: "type",
    asserts_annotation: "type",
  },
};

export const tsx: LanguageTable = { ...typescript, name: "tsx", extensions: [".tsx"], grammar: "Tsx" };
