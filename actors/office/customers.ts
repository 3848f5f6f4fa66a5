import { badgesOf } from '#src/domain/office/badges.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import { isCustomer } from '#src/domain/office/entities/customer.ts';
import { emptyOf, type Entity, type RecordRow } from '#src/domain/office/entity.ts';
import type { Value, Values } from '#src/domain/office/field.ts';
import { dayAt, endOfDayMs } from '#src/domain/time-zone.ts';
import type { Office, OfficeWrite } from '#src/storage/office-port.ts';
import type { SaveFacts, SaveRequest } from './decide.ts';

const { user } = ENTITIES;
const EVERYTHING = [{}] as const;
const USERNAME_MAX = 50;

/** What a save of a customer must know beyond that of any record; `timeZone` is where days begin and end. */
export async function customerFacts(
  office: Office,
  request: SaveRequest,
  { facts, timeZone }: { readonly facts: SaveFacts; readonly timeZone: string },
): Promise<SaveFacts> {
  const { entity, viewer, values, atMs } = request;
  if (!isCustomer(entity)) return facts;
  const { before } = facts;
  const { expiresOn } = values;
  const subscriberId = ownerOf(entity, before?.subscriberId ?? viewer.subscriberId);
  const login = values['account'] === true ? await loginOf(office, request, before) : null;
  const expiresAtMs = typeof expiresOn === 'string' ? endOfDayMs(expiresOn, timeZone) : null;
  return {
    ...facts,
    taken: [...facts.taken, ...(await takenBadges(office, { values, subscriberId, exceptId: before?.id ?? null }))],
    given: { ...facts.given, createdOn: dayAt(timeZone, atMs) },
    imposed: { ...facts.imposed, expiresAtMs, login },
  };
}

/** The user whose login a customer was just given, where no login had his mail address yet (CPT-13). */
export async function loginWrites(
  office: Office,
  { newId }: SaveRequest,
  record: RecordRow,
): Promise<readonly OfficeWrite[]> {
  const { values, changedAtMs, changedBy } = record;
  const id = values['login'];
  if (id !== newLoginId(newId)) return [];
  const { name, email, mobile, language } = values;
  const username = await freeUsername(office, String(email), newId);
  const given = { name, username, email, mobile, language, restriction: 'nothing' };
  const when = { createdAtMs: changedAtMs, changedAtMs, changedBy };
  const login = { id, subscriberId: null, version: 1, inactive: false, values: completed(user, given), custom: {} };
  const audit = { atMs: changedAtMs, by: changedBy, subscriberId: record.subscriberId, act: 'created' } as const;
  return [
    { type: 'put', entity: user, record: { ...login, ...when } },
    { type: 'audit', audit: { ...audit, entity: 'user', recordId: id, label: String(name), fields: [] } },
  ];
}

/** Of a login that is made with the save that has this fresh id. */
function newLoginId(newId: string): string {
  return `${newId}-login`;
}

/** CPT-14: he keeps his own, or gets a new one; null until he has said that the one with his address is his. */
async function loginOf(
  office: Office,
  { values, newId }: SaveRequest,
  before: RecordRow | null,
): Promise<string | null> {
  const { email } = values;
  const sameMail = typeof email === 'string' ? await office.findBy(user, 'email', email) : null;
  const held = before?.values['login'];
  // Of one that is there already, whoever reads its mail says whether it is his.
  if (sameMail !== null) return held === sameMail.id ? held : null;
  const isAlive = typeof held === 'string' && (await office.find(user, held, EVERYTHING)) !== null;
  return isAlive ? held : newLoginId(newId);
}

async function takenBadges(
  office: Office,
  of: { readonly values: Values; readonly subscriberId: string | null; readonly exceptId: string | null },
): Promise<readonly string[]> {
  const { values, subscriberId, exceptId } = of;
  const badges = badgesOf(values);
  const taken = await Promise.all(badges.map(({ value }) => office.isBadgeTaken({ value, subscriberId, exceptId })));
  return badges.filter((_, index) => taken[index]).map(({ field }) => field);
}

/** His mail address, where it can be one; nobody else signs in by it. */
async function freeUsername(office: Office, email: string, newId: string): Promise<string> {
  const fits = email.length <= USERNAME_MAX && /^[\w.@+-]+$/.test(email);
  const isTaken = (await office.findBy(user, 'username', email)) !== null || (await office.isOperator(email));
  return fits && !isTaken ? email : `client-${newId.replace(/\W/g, '').slice(0, 12).toLowerCase()}`;
}

function ownerOf({ owner }: Entity, subscriberId: string | null): string | null {
  return owner === 'platform' ? null : subscriberId;
}

function completed(entity: Entity, given: Values | Readonly<Record<string, Value | undefined>>): Values {
  return Object.fromEntries(
    Object.entries(entity.fields).map(([name, field]) => [name, given[name] ?? emptyOf(field)] as const),
  );
}
