import type { ChargeLetterOf } from '#actors/notice/messages.ts';
import type { TextAnswerOf } from '#actors/text/service.ts';
import { translator } from '#web/i18n/t.ts';
import { duration, energy, euros } from '#web/views/format.ts';
import { inPlainSigns } from './plain-signs.ts';

/** What customers are told by SMS, of their charges and in answer to their own. */
export function customerLetters(timeZone: string): {
  readonly chargeOver: ChargeLetterOf;
  readonly answer: TextAnswerOf;
} {
  return {
    chargeOver: chargeLetter(timeZone),
    answer: ({ outcome, stationName, language }) =>
      inPlainSigns(translator(language, timeZone)(`text.answer.${outcome}`, stationName)),
  };
}

/** What a customer is told of a charge that is over (CLI-08). */
function chargeLetter(timeZone: string): ChargeLetterOf {
  return (over, language) => {
    const t = translator(language, timeZone);
    const { stationName, energyWh, lastedMs, price } = over;
    const figures = [
      ...(energyWh === null ? [] : [energy(t, energyWh)]),
      ...(lastedMs === null ? [] : [duration(t, lastedMs)]),
      ...(price === null ? [] : [euros(t, price)]),
    ].join(', ');
    const said = t(over.how === 'full' ? 'charge.letter.full' : 'charge.letter.ended', stationName, figures);
    const sentences = [said, ...(over.isParked ? [t('charge.letter.parked')] : [])];
    return { subject: t('charge.letter.subject', stationName), text: inPlainSigns(sentences.join(' ')) };
  };
}
