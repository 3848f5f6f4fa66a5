import { store, type Store } from '#actors/decision.ts';
import { kindOf, type AlertStep, type AlertTold } from '#src/domain/alert.ts';
import { CHANNELS, type PostChannel, type PostMessage } from '#src/domain/post.ts';
import type { Audience, LetterOf, Reachable } from './messages.ts';
import type { AlertState, OpenAlert } from './state.ts';

type Addressed = { readonly who: Reachable; readonly channel: PostChannel };
export type Telling = { readonly alert: OpenAlert; readonly effects: readonly Store[] };

/** What a step of an alert sends, and the alert with who was told of it. A key is queued once, whatever happens. */
export function told(
  of: { readonly state: AlertState; readonly alert: OpenAlert; readonly step: AlertStep; readonly atMs: number },
  audience: Audience,
  letterOf: LetterOf,
): Telling {
  const { alert, step, atMs } = of;
  const addressed = addressedBy(step, alert, audience);
  const effects = addressed.map(({ who, channel }): Store => {
    const letter = letterOf(noticeOf(of), who.language);
    const message: PostMessage = {
      key: ['alert', alert.alertId, step, who.userId, channel].join('/'),
      channel,
      to: who.to[channel] ?? '',
      subject: letter.subject,
      text: channel === 'sms' ? letter.short : letter.text,
      secret: null,
      subscriberId: who.subscriberId,
      createdAtMs: atMs,
    };
    return store({ type: 'post', message });
  });
  const news = addressed.map(({ who: { userId, subscriberId, name }, channel }): AlertTold => ({
    userId,
    subscriberId,
    name,
    channel,
    step,
    atMs,
  }));
  return { alert: { ...alert, told: [...alert.told, ...news] }, effects };
}

function noticeOf(of: {
  readonly state: AlertState;
  readonly alert: OpenAlert;
  readonly step: AlertStep;
  readonly atMs: number;
}) {
  const { alertId, cause, code, parts, place, openedAtMs, acknowledged } = of.alert;
  const { step, atMs } = of;
  const { chargePointId } = of.state;
  const acknowledgedBy = acknowledged?.by ?? null;
  return { alertId, step, chargePointId, cause, code, parts, place, openedAtMs, atMs, acknowledgedBy };
}

function addressedBy(step: AlertStep, alert: OpenAlert, audience: Audience): readonly Addressed[] {
  switch (step) {
    case 'opened':
      return audience.recipients.flatMap((who) => by(who, who[kindOf(alert.cause)]));
    case 'escalated': {
      const accounts = new Set(alert.told.map(({ subscriberId }) => subscriberId));
      return audience.administrators.flatMap((who) => (accounts.has(who.subscriberId) ? by(who, CHANNELS) : []));
    }
    case 'ended': {
      // Whoever was told that it began is told that it ended, by the same ways, while he can still be.
      const people = [...audience.recipients, ...audience.administrators];
      const known = new Map(people.map((who) => [who.userId, who]));
      const ways = new Map(alert.told.map(({ userId, channel }) => [`${userId}/${channel}`, { userId, channel }]));
      return [...ways.values()].flatMap(({ userId, channel }) => {
        const who = known.get(userId);
        return who === undefined ? [] : by(who, [channel]);
      });
    }
  }
}

function by(who: Reachable, channels: readonly PostChannel[]): readonly Addressed[] {
  return channels.flatMap((channel) => (who.to[channel] === undefined ? [] : [{ who, channel }]));
}
