/** Every value of each posted field. The rows of a table of levels are one field: `rights:companies` adds to `rights`. */
export async function postedFields(request: Request): Promise<Map<string, string[]>> {
  const fields = new Map<string, string[]>();
  for (const [name, value] of await request.formData()) {
    if (typeof value !== 'string') continue;
    const [field = name] = name.split(':');
    const known = fields.get(field);
    if (known === undefined) fields.set(field, [value]);
    else known.push(value);
  }
  return fields;
}
