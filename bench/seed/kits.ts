import { ENTITIES, type EntityName } from '#src/domain/office/entities/all.ts';
import { emptyOf } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import type { OfficeWrite } from '#src/storage/office-port.ts';
import { openSqlite } from '#src/storage/sqlite/open.ts';

/** Writes so many kits, each with a key and a station, into a database that no server has opened. */
export async function seedKits(database: string, serials: readonly string[], keyHex: string): Promise<void> {
  const storage = await openSqlite({ path: database, node: 'bench' });
  const put = (entity: EntityName, id: string, given: Values): OfficeWrite => {
    const values: Record<string, Value> = {};
    for (const [name, field] of Object.entries(ENTITIES[entity].fields)) values[name] = given[name] ?? emptyOf(field);
    const record = { id, subscriberId: 'bench', version: 1, inactive: false, values, custom: {} };
    return {
      type: 'put',
      entity: ENTITIES[entity],
      record: { ...record, createdAtMs: 0, changedAtMs: 0, changedBy: 'bench' },
    };
  };
  const written = await storage.office.write([
    put('subscriber', 'bench', { kind: 'merchant', name: 'Bench' }),
    put('company', 'bench-company-1', { name: 'Bench' }),
    ...serials.flatMap((serial): OfficeWrite[] => [
      put('kit', `kit-${serial}`, { serialNumber: serial }),
      { type: 'kit-key', kitId: `kit-${serial}`, key: keyHex },
      put('station', `station-${serial}`, {
        company: 'bench-company-1',
        name: `Kit ${serial}`,
        access: 'public',
        protocol: 'lafon-pulse',
        kitSerial: serial,
        mediaType: 'ethernet',
        udpPort: 1_080,
        evses: 2,
        permanentPowerW: 22_000,
        language: 'fr',
        timeZone: 'Europe/Paris',
      }),
    ]),
  ]);
  await storage.close();
  if (written !== 'ok') throw new Error(`the kits of the bench are ${written}`);
}
