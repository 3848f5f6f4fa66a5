/** Text fields of a posted form; the last of a repeated one, and no files. */
export async function formFields(request: Request): Promise<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [name, value] of await request.formData()) if (typeof value === 'string') fields[name] = value;
  return fields;
}

/** The same, with every value of the one field `name` that comes many times. */
export async function formFieldsAnd(
  request: Request,
  name: string,
): Promise<{ readonly fields: Record<string, string>; readonly values: readonly string[] }> {
  const fields: Record<string, string> = {};
  const values: string[] = [];
  for (const [field, value] of await request.formData()) {
    if (typeof value !== 'string') continue;
    if (field === name) values.push(value);
    else fields[field] = value;
  }
  return { fields, values };
}
