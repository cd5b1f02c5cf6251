/** `{{name}}`: lower-case letters, digits and underscores. */
const placeholder = /\{\{([a-z][a-z0-9_]*)\}\}/g;

/**
 * Fills the placeholders of a template. Values are taken as they are: what looks like a placeholder in one is text.
 * Throws an `Error` for a placeholder without a value and for a value without a placeholder: a prompt that lacks what its author meant
 * to say must not be sent.
 */
export function renderTemplate(template: string, variables: Readonly<Record<string, string>>): string {
  const used = new Set<string>();
  const text = template.replaceAll(placeholder, (_, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value === undefined) throw new Error(`the template wants ${name}, and there is no such variable`);
    used.add(name);
    return value;
  });
  const unused = Object.keys(variables).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`the template has no place for ${unused.join(", ")}`);
  return text;
}
