import type { Recharge } from '#actors/recharge/messages.ts';
import { chargeMode } from '#src/domain/recharge.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import { power } from './format.ts';

/** `Point 1 · Prise 2`, or the number that the charger gives the connector. */
export function placeWords(t: Translate, { place, connectorId }: Recharge): string {
  if (place === null) return t('recharges.connector', connectorId);
  const { point, outlets } = place;
  const [only] = outlets;
  const words = t('points.point', point);
  return outlets.length === 1 && only !== undefined ? `${words} · ${t('points.outlet', only.number)}` : words;
}

/** REC-06: `MODE 3 (max 22 kW)`; empty when it is not known. */
export function modeWords(t: Translate, { place, powerMaxW }: Recharge): string {
  const mode = chargeMode(place?.outlets ?? []);
  if (mode === null) return '';
  return powerMaxW === 0
    ? t(`recharges.mode.${mode}`)
    : t('recharges.mode.max', t(`recharges.mode.${mode}`), power(t, powerMaxW));
}

/** By which kind of badge; empty when it is not known. */
export function kindWords(t: Translate, { tokenKind }: Recharge): string {
  if (tokenKind === null) return '';
  return tokenKind === 'sms' ? t('recharges.sms') : t(`choice.tokenType.${tokenKind}`);
}

/** REC-07: what ended the charge; empty while it runs. */
export function endWords(t: Translate, { closing, stopReason }: Recharge): string {
  if (closing === 'open') return '';
  if (closing === 'provisional') return t('recharges.without-stop');
  return stopReason === null ? '' : (translated(t, `reason.${stopReason}`) ?? stopReason);
}
