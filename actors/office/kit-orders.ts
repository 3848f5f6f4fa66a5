import { scopeOf } from '#src/domain/office/access.ts';
import { isPulse } from '#src/domain/office/charger.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import { may } from '#src/domain/office/viewer.ts';
import { apnKey, kitChargePointId, kitSerialOf, takesApnBySms, type WriteApnSms } from '#src/domain/kit.ts';
import { internationalPhone } from '#src/domain/phone.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { EventRow } from '#src/storage/ports.ts';
import { kitState } from './kits.ts';
import type { ApnSent, OfficeMessage } from './messages.ts';

const { kit, sim, station } = ENTITIES;
export type KitDeps = {
  readonly office: Office;
  /** A kit has another key: the link that it has by the old one ends. */
  readonly keyChanged: (chargePointId: string) => void;
  /** Writes the SMS that gives a kit its access point. */
  readonly writeApnSms: WriteApnSms;
  /** A line of the journal about a charger. */
  readonly note: (
    event: Pick<EventRow, 'name' | 'atMs' | 'note'> &
      Partial<Pick<EventRow, 'kind'>> & { readonly chargePointId: string },
  ) => void;
};
type Message<T extends OfficeMessage['type']> = Extract<OfficeMessage, { type: T }>;

/** A new key for a kit; its old one is worth nothing from now on. The kit's record, or null: not for him. */
export async function makeKitKey(deps: KitDeps, message: Message<'make-kit-key'>): Promise<RecordRow | null> {
  const { office } = deps;
  const { viewer, kitId, key, atMs } = message;
  if (viewer.kind !== 'platform' || !may(viewer, 'kits', 'modify')) return null;
  const found = await office.find(kit, kitId, scopeOf(viewer, kit));
  if (found === null) return null;
  const label = String(found.values['serialNumber']);
  const audit = { atMs, by: viewer.name, subscriberId: viewer.subscriberId, entity: 'kit', recordId: kitId, label };
  const written = await office.write([
    { type: 'kit-key', kitId, key },
    { type: 'audit', audit: { ...audit, act: 'key-made', fields: [] } },
  ]);
  if (written !== 'ok') return null;
  deps.keyChanged(kitChargePointId(label));
  return found;
}

/** LAF-05: the access point of a station's card goes to its kit by SMS, with the audit of who sent it. */
export async function sendApn(deps: KitDeps, message: Message<'send-apn'>): Promise<ApnSent | null> {
  const { office } = deps;
  const { viewer, stationId, messageId, atMs } = message;
  const found = await office.find(station, stationId, scopeOf(viewer, station));
  if (found === null || !may(viewer, 'station-maintenance', 'modify')) return null;
  const { values, subscriberId } = found;
  const serial = text(values, 'kitSerial');
  if (!isPulse(values) || serial === null) return { ok: false, why: 'no-kit' };
  if (values['mediaType'] !== 'gprs') return { ok: false, why: 'no-modem' };
  if ((await kitState(office, found)) === 'card-not-granted') return { ok: false, why: 'card-not-granted' };
  const phone = text(values, 'simPhone');
  if (phone === null) return { ok: false, why: 'no-phone' };
  const apn = text(values, 'simApn');
  if (apn === null) return { ok: false, why: 'no-apn' };
  const declared = await office.findBy(kit, 'serialNumber', serial);
  if (!takesApnBySms(declared === null ? null : text(declared.values, 'softwareVersion')))
    return { ok: false, why: 'old-software' };
  const to = internationalPhone(phone);
  const access = { apn, login: text(values, 'simLogin') ?? '', password: text(values, 'simPassword') ?? '' };
  const sms = await deps.writeApnSms(serial, access);
  if (!sms.ok) return sms;
  const label = String(values['name']);
  const audit = { atMs, by: viewer.name, subscriberId, entity: 'station', recordId: stationId, label } as const;
  await office.write([
    {
      type: 'post',
      message: {
        key: apnKey(kitChargePointId(serial), messageId),
        channel: 'sms',
        to,
        subject: `APN ${serial}`,
        text: sms.text,
        secret: null,
        subscriberId,
        createdAtMs: atMs,
      },
    },
    { type: 'audit', audit: { ...audit, act: 'apn-sent', fields: [] } },
  ]);
  deps.note({
    kind: 'sms',
    name: 'apn-sent',
    chargePointId: kitChargePointId(serial),
    atMs,
    note: `by ${viewer.name}`,
  });
  return { ok: true, to };
}

/**
 * LAF-04: a kit told which card is in it. If it is of the platform's pool, the station gets the card's number and
 * telephone; the form keeps what is the station's alone. Null: nothing to change.
 */
export async function cardDetected(office: Office, message: Message<'card-detected'>): Promise<RecordRow | null> {
  const { chargePointId, iccid, atMs } = message;
  const serial = kitSerialOf(chargePointId);
  const card = await office.findBy(sim, 'iccid', iccid);
  const found = serial === null ? null : await office.findBy(station, 'kitSerial', serial);
  if (card === null || card.inactive || found === null || !isPulse(found.values)) return null;
  const phone: Value = card.values['phone'] ?? found.values['simPhone'] ?? null;
  const known: Values = { simIccid: card.values['iccid'] ?? null, simPhone: phone };
  const fields = Object.keys(known).filter((name) => found.values[name] !== known[name]);
  if (fields.length === 0) return null;
  const { id: recordId, subscriberId } = found;
  const record = { ...found, version: found.version + 1, changedAtMs: atMs, changedBy: chargePointId };
  const audit = { atMs, by: chargePointId, subscriberId, recordId, label: String(found.values['name']) };
  const written = await office.write([
    { type: 'put', entity: station, record: { ...record, values: { ...found.values, ...known } } },
    { type: 'audit', audit: { ...audit, act: 'changed', entity: 'station', fields } },
  ]);
  return written === 'ok' ? found : null;
}

function text(values: Values, name: string): string | null {
  const value = values[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
