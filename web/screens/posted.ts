/** Every value of each posted field. The rows of a table of levels are one field: `rights:companies` adds to `rights`. */
export async function postedFields(request: Request): Promise<Map<string, string[]>> {
  const fields = new Map<string, string[]>();
  for (const [name, value] of await request.formData()) {
    if (typeof value !== 'string') continue;
    const [field = name] = name.split(':');
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}
