/** JSON of a payload, before it is known to be anything. */
export type Payload = { readonly [field: string]: unknown };
