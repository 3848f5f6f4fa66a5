import { replyWith, type Effect, type ReplyTo } from '#actors/decision.ts';
import { mayAcknowledge, mayNameRecipients, mayReceiveAlerts, type AlertRecipient } from '#src/domain/alert.ts';
import { scopeOf } from '#src/domain/office/access.ts';
import type { Account } from '#src/domain/office/account.ts';
import { ENTITIES } from '#src/domain/office/entities/all.ts';
import type { RecordRow } from '#src/domain/office/entity.ts';
import { findsStation, seesEverything, type Viewer } from '#src/domain/office/viewer.ts';
import { CHANNELS, type PostChannel } from '#src/domain/post.ts';
import type { AlertStore } from '#src/storage/alert-port.ts';
import type { Office } from '#src/storage/office-port.ts';
import type { ActorId } from '#src/storage/ports.ts';
import type { Acknowledged, AlertMessage, AlertsMessage, RecipientChoice } from './messages.ts';
import { alertActorId } from './state.ts';

/** The one id of the actor that pages ask about alerts. */
export const ALERTS: ActorId = 'alerts';
/** Users of one account that a station lets choose from. */
export const RECIPIENTS_MAX = 200;

export type AlertsDeps = {
  readonly store: AlertStore;
  readonly office: Office;
  readonly accountOf: (username: string, nowMs: number) => Promise<Account | null>;
  /** The stations that somebody finds. */
  readonly stationIdsFor: (viewer: Viewer) => readonly string[];
  readonly ask: <R>(to: ActorId, build: (replyTo: ReplyTo<R>) => AlertMessage) => Promise<R>;
};

/** Answers pages about alerts, and names recipients; each as far as the asker finds the station. */
export function alertsService(deps: AlertsDeps): (message: AlertsMessage) => Promise<readonly Effect[]> {
  const { store, stationIdsFor } = deps;
  return async (message) => {
    const { viewer } = message;
    switch (message.type) {
      case 'list': {
        const among = seesEverything(viewer) ? {} : { among: stationIdsFor(viewer) };
        return [replyWith(message.replyTo, await store.list({ ...message.query, ...among }))];
      }
      case 'acknowledge':
        return [replyWith(message.replyTo, await acknowledge(deps, message))];
      case 'recipients': {
        const station = await stationFor(deps, viewer, message.stationId, 'view');
        return [
          replyWith(message.replyTo, station === null ? null : await choices(deps, viewer, station, message.atMs)),
        ];
      }
      case 'name-recipients':
        return [replyWith(message.replyTo, await name(deps, message))];
    }
  };
}

async function acknowledge(
  { store, ask }: AlertsDeps,
  { viewer, alertId, by, atMs }: Extract<AlertsMessage, { type: 'acknowledge' }>,
): Promise<Acknowledged> {
  const alert = await store.find(alertId);
  if (alert === null || !findsStation(viewer, alert) || !mayAcknowledge(viewer)) return 'not-found';
  return ask<Acknowledged>(alertActorId(alert.chargePointId), (replyTo) => ({
    type: 'acknowledge',
    alertId,
    by,
    atMs,
    replyTo,
  }));
}

async function stationFor(
  { office }: AlertsDeps,
  viewer: Viewer,
  stationId: string,
  level: 'view' | 'modify',
): Promise<RecordRow | null> {
  if (!mayNameRecipients(viewer, level)) return null;
  return office.find(ENTITIES.station, stationId, scopeOf(viewer, ENTITIES.station));
}

/**
 * STA-27: the users of his own account who may maintain this station. Each account names its own people: a merchant
 * does not learn who works for his maintainer, and does not choose among them.
 */
async function choices(
  { office, store, accountOf }: AlertsDeps,
  viewer: Viewer,
  station: RecordRow,
  atMs: number,
): Promise<readonly RecipientChoice[]> {
  const accounts = viewer.subscriberId ?? station.subscriberId;
  if (accounts === null) return [];
  const users = await office.list(ENTITIES.user, {
    scope: [{ subscriberIds: [accounts] }],
    text: '',
    filters: [],
    sort: 'name',
    descending: false,
    offset: 0,
    limit: RECIPIENTS_MAX,
  });
  const named = new Map((await store.recipients(station.id)).map((one) => [one.userId, one]));
  const found = await Promise.all(
    users.rows.map(async (user) => {
      const account = await accountOf(String(user.values['username']), atMs);
      if (account === null || !mayReceiveAlerts(account.viewer) || !findsStation(account.viewer, placeOf(station)))
        return [];
      const { fault = [], parking = [] } = named.get(user.id) ?? {};
      const { options } = account.viewer;
      const choice: RecipientChoice = {
        userId: user.id,
        name: account.displayName,
        fault,
        parking,
        hasOption: { mail: options.has('mail'), sms: options.has('sms') },
        hasAddress: { mail: user.values['email'] != null, sms: user.values['mobile'] != null },
      };
      return [choice];
    }),
  );
  return found.flat();
}

async function name(deps: AlertsDeps, message: Extract<AlertsMessage, { type: 'name-recipients' }>): Promise<boolean> {
  const { viewer, stationId, atMs } = message;
  const station = await stationFor(deps, viewer, stationId, 'modify');
  if (station === null) return false;
  const allowed = await choices(deps, viewer, station, atMs);
  const wanted = new Map(message.recipients.map((one) => [one.userId, one]));
  // A user whom he may not name is left out, and so is a way that does not exist.
  const recipients = allowed.map(({ userId }): AlertRecipient => {
    const { fault = [], parking = [] } = wanted.get(userId) ?? {};
    return { userId, fault: known(fault), parking: known(parking) };
  });
  const written = await deps.office.write([
    { type: 'recipients', stationId, recipients },
    {
      type: 'audit',
      audit: {
        atMs,
        by: viewer.name,
        subscriberId: viewer.subscriberId ?? station.subscriberId,
        act: 'changed',
        entity: 'station',
        recordId: stationId,
        label: String(station.values['name'] ?? stationId),
        fields: ['recipients'],
      },
    },
  ]);
  return written === 'ok';
}

function known(channels: readonly PostChannel[]): readonly PostChannel[] {
  return CHANNELS.filter((channel) => channels.includes(channel));
}

function placeOf({ id, subscriberId, values }: RecordRow) {
  return { stationId: id, subscriberId, companyId: typeof values['company'] === 'string' ? values['company'] : null };
}
