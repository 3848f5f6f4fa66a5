import type { AlertSubject } from '#src/domain/alert.ts';
import { translated, type Translate } from '#web/i18n/t.ts';

/** `défaut de terre (point 1, point 2)`: what an alert is about, in words. */
export function alertWords(t: Translate, { cause, code, parts }: AlertSubject): string {
  if (cause === 'absent') return t('alert.says.absent');
  const where = parts.map((id) => t('alert.part', id)).join(', ');
  const what = cause === 'fault' ? faultWords(t, code) : t(`alert.says.${cause}`);
  return where === '' ? what : `${what} (${where})`;
}

/** A part that is out of order need not say why. */
function faultWords(t: Translate, code: string | null): string {
  return code === null || code === 'NoError'
    ? t('alert.fault.untold')
    : (translated(t, `error.${code}`) ?? t('alert.fault.untold'));
}
