import { fieldsFor, mayAdd, scopeOf, type Scope } from '#src/domain/office/access.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { seesEverything, type Viewer } from '#src/domain/office/viewer.ts';
import type { KnockingKit } from '#src/domain/kit.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { OfficeMessage, Suggestion } from './messages.ts';

const { kit, sim, station, 'charger-model': chargerModel } = ENTITIES;
/** Offered beside a field; whoever looks for more types the number that stands on the board. */
const SUGGESTED_MAX = 200;
/** Of those that knock: the card of each is looked up whenever a form is drawn. */
const LOOKED_AT_MAX = 200;
const ALL = {
  text: '',
  sort: 'serialNumber',
  descending: false,
  filters: [],
  offset: 0,
  limit: SUGGESTED_MAX,
} as const;

export type KnockingDeps = {
  /** The kits that knock and are let in nowhere. */
  readonly knocking: () => readonly KnockingKit[];
};

/**
 * LAF-02: the numbers that a station's kit may well have, in no station yet. They are those that are built into its model,
 * and of those that knock the ones whose SIM card was granted to its merchant. A kit that holds somebody else's card is
 * somebody else's, and one that nobody was granted is nobody's, as on the radar: only who sees everything sees it.
 */
export async function possibleKits(
  { office, knocking }: KnockingDeps & { readonly office: Office },
  message: Extract<OfficeMessage, { type: 'suggestions' }>,
): Promise<readonly Suggestion[]> {
  const { viewer, id } = message;
  const of = id === null ? null : await office.find(station, id, scopeOf(viewer, station));
  if (!mayFillIn(viewer, of) || (id !== null && of === null)) return [];
  const merchantId = of === null ? viewer.subscriberId : of.subscriberId;
  const built = await builtInto(office, message.by, of);
  const found = new Map<string, Suggestion>();
  // Who proved that he is a kit goes first: anybody can write a serial number.
  const heard = knocking()
    .toSorted((a, b) => Number(b.isProven) - Number(a.isProven))
    .slice(0, LOOKED_AT_MAX);
  for (const { serial, atMs, isProven, iccid } of heard) {
    const key = serial.toUpperCase();
    const card = iccid === null ? null : await office.findBy(sim, 'iccid', iccid);
    const holder = card === null || card.inactive ? null : (card.values['merchant'] ?? null);
    if (holder !== null && holder !== merchantId && !seesEverything(viewer)) {
      built.delete(key);
      continue;
    }
    const isHis = built.has(key) || seesEverything(viewer) || (holder !== null && holder === merchantId);
    if (!isHis || found.size >= SUGGESTED_MAX) continue;
    found.set(key, { value: built.get(key) ?? (await declaredAs(office, serial)), heardAtMs: atMs, isProven });
  }
  for (const [key, value] of built) if (!found.has(key)) found.set(key, { value, heardAtMs: null, isProven: false });
  const free: Suggestion[] = [];
  for (const one of found.values()) if ((await office.findBy(station, 'kitSerial', one.value)) === null) free.push(one);
  return free.slice(0, SUGGESTED_MAX);
}

function mayFillIn(viewer: Viewer, of: RecordRow | null): boolean {
  return (
    fieldsFor(viewer, station, of?.values ?? null).changed.has('kitSerial') && (of !== null || mayAdd(viewer, station))
  );
}

/** Serial numbers by how they are compared. Any merchant may choose any integrator's model (STA-22). */
async function builtInto(office: Office, modelId: string | null, of: RecordRow | null): Promise<Map<string, string>> {
  const kept = of?.values['integratorModel'];
  const scope: Scope = [{ activeOr: typeof kept === 'string' ? [kept] : [] }];
  const model = modelId === null ? null : await office.find(chargerModel, modelId, scope);
  if (model === null) return new Map();
  const built: Scope = [{ field: 'chargerModel', values: [model.id], activeOr: [] }];
  const { rows } = await office.list(kit, { ...ALL, scope: built });
  const serials = rows.map(({ values }) => String(values['serialNumber']));
  return new Map(serials.map((serial) => [serial.toUpperCase(), serial]));
}

/** A kit may write itself in other letters. */
async function declaredAs(office: Office, serial: string): Promise<string> {
  const declared = await office.findBy(kit, 'serialNumber', serial);
  return declared === null ? serial : String(declared.values['serialNumber']);
}
