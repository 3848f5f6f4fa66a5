import { html } from 'hono/html';
import type { CommandView, ProfileTrial } from '#actors/charge-point/messages.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { tenths } from './format.ts';
import type { Html } from './html.ts';

/** How a limit was put to the charger, way by way, and what shows that it holds (field-30); false for other commands. */
export function profileProgress(t: Translate, { profile }: CommandView): Html | false {
  if (profile === undefined) return false;
  const { trials, scheduledA, measuredMa } = profile;
  const isPlain = trials.length === 1 && trials[0]?.said === 'Accepted';
  return html`${
    trials.length > 0 &&
    !isPlain &&
    html`<ol class="trials" aria-label="${t('ladder.title')}">
      ${trials.map((trial) => html`<li>${wayOf(t, trial)} — ${saidOf(t, trial)}</li>`)}
    </ol>`
  }
  ${scheduledA !== null && html`<p class="transfer">${t('ladder.scheduled', tenths(t, scheduledA))}</p>`}
  ${measuredMa !== null && html`<p class="transfer">${t('ladder.measured', tenths(t, measuredMa / 1_000))}</p>`}`;
}

function wayOf(t: Translate, { call }: ProfileTrial): string {
  const { chargingProfilePurpose, stackLevel, chargingSchedule } = call.csChargingProfiles;
  const [first] = chargingSchedule.chargingSchedulePeriod;
  const limit = first === undefined ? '' : `${tenths(t, first.limit)} ${chargingSchedule.chargingRateUnit}`;
  return [t(`profile.${chargingProfilePurpose}`), t('ladder.level', stackLevel), limit].join(', ');
}

function saidOf(t: Translate, { said }: ProfileTrial): string {
  if (said === 'Accepted') return t('ladder.taken');
  if (said === 'Rejected') return t('ladder.refused', '');
  if (said === 'not-applied') return t('cause.not-applied');
  return t('ladder.refused', translated(t, `answer.${said}`) ?? translated(t, `fault.${said}`) ?? said);
}
