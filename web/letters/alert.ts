import type { LetterOf } from '#actors/alert/messages.ts';
import { translator } from '#web/i18n/t.ts';
import { alertWords } from '#web/views/alert-words.ts';
import { dateTime } from '#web/views/format.ts';
import { inPlainSigns } from './plain-signs.ts';

/** What an alert says to its recipients; `addressOf` makes a link of a path of ours, and times are of `timeZone`. */
export function alertLetter(addressOf: (path: string) => string, timeZone: string): LetterOf {
  return (notice, language) => {
    const t = translator(language, timeZone);
    const { step, cause, chargePointId, place, acknowledgedBy } = notice;
    const words = alertWords(t, notice);
    const what = t('alert.letter.what', t(`alert.cause.${cause}`), place.stationName, chargePointId);
    const from = dateTime(t, notice.openedAtMs);
    const when =
      step === 'ended'
        ? t('alert.letter.ended', from, dateTime(t, notice.atMs))
        : t(step === 'opened' ? 'alert.letter.opened' : 'alert.letter.escalated', from);
    const subject = t(`alert.letter.subject.${step}`, what);
    const look = addressOf(`/fleet/${encodeURIComponent(chargePointId)}`);
    const links = [
      `${t('alert.letter.look')} ${look}`,
      ...(step === 'ended' || acknowledgedBy !== null ? [] : [`${t('alert.letter.take')} ${addressOf('/alerts')}`]),
    ];
    const paragraphs = [
      `${capital(words)}.`,
      `${t('alert.letter.where', chargePointId, place.stationName, place.city)}\n${when}`,
      ...(acknowledgedBy === null ? [] : [t('alert.letter.taken', acknowledgedBy)]),
      links.join('\n'),
      t(step === 'escalated' ? 'alert.letter.why.escalated' : 'alert.letter.why'),
    ];
    return { subject, text: paragraphs.join('\n\n'), short: inPlainSigns(`${subject}. ${capital(words)}. ${when}`) };
  };
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
