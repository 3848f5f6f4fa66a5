import { html } from 'hono/html';
import type { ReviewView } from '#actors/archive/messages.ts';
import { possibleWh } from '#src/domain/metering.ts';
import type { HeldStop, ReviewKind, ReviewResolution, ReviewRow, SessionRow } from '#src/storage/ports.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { FormState } from './command-form-spec.ts';
import { dateTime, duration, energy, euros, register, unitPrice } from './format.ts';
import { prettyFrame } from './frames.ts';
import { anchor, when, type Html } from './html.ts';
import { icon } from './icon.ts';
import { reviewForms, reviewUrl } from './review-forms.ts';

/** One review as it is shown: what was typed, and what came of sending it. */
export type ReviewCard = {
  readonly view: ReviewView;
  readonly stationName: string | null;
  /** Without the right the answers are left out. */
  readonly mayResolve: boolean;
  readonly form: FormState;
  /** Why a decision was refused, in words. */
  readonly refused: string | null;
  /** It was decided just now, by this very request: the focus goes there. */
  readonly decided: boolean;
};

/** The question, all that is known about it, and the answers one may give; or the answer that was given. */
export function reviewCard(t: Translate, card: ReviewCard): Html {
  const { view, stationName, refused, decided } = card;
  const { review, session } = view;
  const { kind, chargePointId, connectorId, resolution } = review;
  const id = anchor('review', review.key);
  return html`<article id="${id}" class="review${resolution !== null && ' resolved'}" aria-labelledby="${id}-title">
    <header>
      <h2 id="${id}-title">${icon(kindIcon[kind])}<a href="${reviewUrl(review.key)}">${t(`review.${kind}`)}</a></h2>
      <p class="sub">${t('review.received', dateTime(t, review.atMs))}</p>
      <p class="review-place">
        <a href="/fleet/${encodeURIComponent(chargePointId)}">${stationName ?? chargePointId}</a>
        ${stationName !== null && html`<code>${chargePointId}</code>`}
        ${connectorId !== null && html`<span class="sub">${t('connector.number', connectorId)}</span>`}
      </p>
    </header>
    ${refused !== null && html`<p class="notice bad" role="alert" tabindex="-1" ${when(true, 'autofocus')}>${icon('octagon-alert')}${refused}</p>`}
    ${resolution !== null && outcome(t, resolution, decided)}
    ${resolution === null && html`<p class="review-why">${why(t, review, session)}</p>`} ${facts(t, view)}
    ${resolution === null && card.mayResolve && reviewForms(t, view, card.form)}
    ${
      review.frame !== null &&
      html`<details class="review-frame">
        <summary>${t('review.frame')}</summary>
        <pre tabindex="0">${prettyFrame(review.frame)}</pre>
      </details>`
    }
  </article>`;
}

function why(t: Translate, { kind }: ReviewRow, session: SessionRow | null): string {
  if (kind !== 'implausible-energy') return t(`review.${kind}.why`);
  return t('review.implausible-energy.why', energy(t, session === null ? 0 : possibleOf(session)));
}

/** The most that the connector can deliver during this session, in Wh. */
export function possibleOf({ startedAtMs, stoppedAtMs, powerMaxW }: SessionRow): number {
  return possibleWh({ durationMs: (stoppedAtMs ?? startedAtMs) - startedAtMs, powerMaxW });
}

type Fact = readonly [label: string, value: Html | string];

function facts(t: Translate, { review, session }: ReviewView): Html | null {
  const told = review.kind === 'unmatched-stop' ? stopFacts(t, review) : [];
  const rows = [...told, ...(session === null ? [] : sessionFacts(t, session))];
  if (rows.length === 0) return null;
  return html`<dl class="review-facts">
    ${rows.map(
      ([label, value]) =>
        html`<div>
          <dt>${label}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

function stopFacts(t: Translate, { stop, transactionId }: ReviewRow): readonly Fact[] {
  const session = transactionId === null ? t('review.fact.no-session') : String(transactionId);
  if (stop === null) return [[t('review.fact.told-session'), session]];
  return [
    [t('review.fact.told-stop'), dateTime(t, stop.stoppedAtMs)],
    [t('review.fact.register'), register(t, stop.meterStopWh)],
    [t('review.fact.badge'), stop.idTag === null ? t('app.none') : html`<code>${stop.idTag}</code>`],
    [t('review.fact.told-session'), session],
    ...samplesFact(t, stop),
  ];
}

function samplesFact(t: Translate, { samples }: HeldStop): readonly Fact[] {
  if (samples === undefined) return [];
  const { count, firstAtMs, lastAtMs, firstWh, highestWh } = samples;
  const at = t('review.samples', count, dateTime(t, firstAtMs), dateTime(t, lastAtMs));
  const registers =
    firstWh === null || highestWh === null
      ? ''
      : ` · ${t('review.fact.registers', register(t, firstWh), register(t, highestWh))}`;
  return [[t('review.fact.samples'), `${at}${registers}`]];
}

function sessionFacts(t: Translate, session: SessionRow): readonly Fact[] {
  const { startedAtMs, stoppedAtMs, meterStartWh, meterStopWh } = session;
  const at = register(t, meterStartWh);
  return [
    [
      t('review.fact.session'),
      html`<a href="/fleet/${encodeURIComponent(session.chargePointId)}#session-${session.transactionId}"
        >${session.transactionId}</a
      >`,
    ],
    [t('review.fact.who'), html`${session.driver && html`${session.driver} `}<code>${session.idTag}</code>`],
    [t('review.fact.start'), dateTime(t, startedAtMs)],
    [t('review.fact.stop'), stoppedAtMs === null ? t('sessions.open') : dateTime(t, stoppedAtMs)],
    [t('review.fact.duration'), stoppedAtMs === null ? t('app.none') : duration(t, stoppedAtMs - startedAtMs)],
    [t('review.fact.register'), meterStopWh === null ? at : t('review.fact.registers', at, register(t, meterStopWh))],
    [t('review.fact.energy'), energy(t, session.energyWh)],
    [t('review.fact.tariff'), t('review.per-kwh', unitPrice(t, session.energyPriceMillsPerKwh))],
    [t('review.fact.price'), priceOf(t, session)],
  ];
}

/** The price in words: what was debited, that nothing was yet, or that nothing ever will be. */
function priceOf(t: Translate, session: Pick<SessionRow, 'price' | 'freeService' | 'walletId'>): string {
  if (session.price !== null) return euros(t, session.price);
  return session.freeService || session.walletId === null ? t('review.price.free') : t('review.price.none');
}

function outcome(t: Translate, resolution: ReviewResolution, decided: boolean): Html {
  const { changes } = resolution;
  const price = changes === null ? null : priceChange(t, changes.before.price, changes.after.price);
  return html`<p class="notice good" ${decided && html` role="status" tabindex="-1"`}${when(decided, 'autofocus')}>
    ${icon('circle-check')}<span
      ><b>${outcomeWords(t, resolution)}</b>${price !== null && `, ${price},`}
      <span class="sub">${deciderWords(t, resolution)}</span></span
    >
  </p>`;
}

/** Null when the decision moved no money. */
function priceChange(t: Translate, before: SessionRow['price'], after: SessionRow['price']): string | null {
  if (after === null || before === after) return null;
  return before === null
    ? t('review.done.price', euros(t, after))
    : t('review.done.price-moved', euros(t, before), euros(t, after));
}

/** What was decided, without its author. */
export function outcomeWords(t: Translate, { outcome: name, changes }: ReviewResolution): string {
  switch (name) {
    case 'energy-set':
      return t('review.done.energy-set', energy(t, changes?.after.energyWh ?? 0));
    case 'second-taken':
      return t('review.done.second-taken', energy(t, changes?.after.energyWh ?? 0));
    case 'attached':
      return t('review.done.attached', changes?.transactionId ?? 0);
    default:
      return t(`review.done.${name}`);
  }
}

/** Who decided, and when. */
export function deciderWords(t: Translate, { by, atMs }: ReviewResolution): string {
  return by === null ? t('review.by-nobody', dateTime(t, atMs)) : t('review.by', by, dateTime(t, atMs));
}

const kindIcon: Readonly<Record<ReviewKind, string>> = {
  'unmatched-stop': 'unplug',
  'conflicting-stop': 'copy',
  'implausible-energy': 'zap',
  'duplicate-identity': 'octagon-alert',
};
