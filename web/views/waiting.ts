import { html } from 'hono/html';
import { PRESENCE_WAIT_MS, WAIT_MAX_MS } from '#actors/charge-point/command-steps.ts';
import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { CommandField, WaitKind } from './command-form-spec.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';

/** Hours, or a word; the first is what most want who ask an absent charger. */
const CHOICES: Readonly<Record<WaitKind, readonly string[]>> = {
  order: ['8', '1', '24'],
  file: ['24', '8', '72', '168'],
  present: ['present'],
  reservation: ['reservation'],
};
const HOURS = new Set([...CHOICES.order, ...CHOICES.file]);
const HOUR_MS = 3_600_000;

/** Can it be called now: by its link, or where its station says that it listens? */
export function canCall({ linked, callable }: ChargePointView): boolean {
  return linked || callable === true;
}

/** PRC-19: what is asked of a charger that cannot be called now has to wait for it. */
export function whileAbsent(view: ChargePointView, waits: WaitKind): { readonly waits?: WaitKind } {
  return canCall(view) ? {} : { waits };
}

/** What becomes of commands while the charger is absent; null while it can be called. */
export function absentNote(t: Translate, view: ChargePointView): Html | null {
  return canCall(view) ? null : html`<p class="notice warn why">${icon('unlink')}${t('wait.absent')}</p>`;
}

/** How long a command may wait for an absent charger. */
export function waitField(t: Translate, kind: WaitKind): CommandField {
  const options = CHOICES[kind].map((choice) => [choice, choiceText(t, choice)] as const);
  return { kind: 'choice', name: 'wait', label: t('wait.label'), options: [...options, ['', t('wait.none')]] };
}

/** Until when a command may wait, from its form, in ms since 1970; null: it may not. */
export function waitUntil({ wait = '' }: Readonly<Record<string, string>>, nowMs: number): number | null {
  if (wait === 'present') return nowMs + PRESENCE_WAIT_MS;
  // Its end is the end of its waiting: the charger's actor knows it.
  if (wait === 'reservation') return nowMs + WAIT_MAX_MS;
  return HOURS.has(wait) ? nowMs + Number(wait) * HOUR_MS : null;
}

function choiceText(t: Translate, choice: string): string {
  if (choice === 'present') return t('wait.present', PRESENCE_WAIT_MS / 60_000);
  if (choice === 'reservation') return t('wait.reservation');
  const hours = Number(choice);
  return hours > 24 ? t('wait.days', hours / 24) : t('wait.hours', hours);
}
