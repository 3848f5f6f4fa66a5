import type { Translate } from '#web/i18n/t.ts';

/** What a charger tells of its local list (OCPP 1.6 §5.10): 0 is none, -1 that it keeps none. */
export function listWords(t: Translate, version: number): string {
  if (version < 0) return t('answer.list-unsupported');
  return version === 0 ? t('answer.list-none') : t('answer.list-version', String(version));
}
