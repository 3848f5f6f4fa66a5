import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SHOWN_BYTES_MAX, SHOWN_CHARACTERS_MAX } from '#src/domain/kit.ts';
import { bodyBytesMax } from '#src/wire/lafonpulse/datagram.ts';
import { lafonPulse } from '#src/wire/lafonpulse/wire.ts';
import { translator } from '#web/i18n/t.ts';
import { readCommand } from '#web/pages/command-input.ts';

test('what passes the form of a message fits one datagram beside the longest serial number, and no text is lost', () => {
  const t = translator('fr', 'Europe/Paris');
  const texts = fc.dictionary(
    fc.constantFrom('fr', 'en', 'de', 'es', 'it'),
    fc.string({ unit: 'binary', maxLength: 130 }),
  );
  fc.assert(
    fc.property(texts, fc.constantFrom('', '86400'), (typed, seconds) => {
      const input = Object.fromEntries(Object.entries(typed).map(([language, text]) => [`text-${language}`, text]));
      const read = readCommand(t, 'show-message', { ...input, seconds }, 0);
      const wanted = Object.entries(typed).flatMap(([language, text]): [string, string][] =>
        text.trim() === '' ? [] : [[language, text.trim()]],
      );
      if (!read.ok) {
        const isLong = wanted.some(([, text]) => [...text].length > SHOWN_CHARACTERS_MAX);
        const isMuch = Buffer.byteLength(JSON.stringify(Object.fromEntries(wanted))) > SHOWN_BYTES_MAX;
        expect(wanted.length === 0 || isLong || isMuch).toBe(true);
        return;
      }
      const order = lafonPulse.call('1', read.call, 'kit:K');
      expect(JSON.parse(order)).toEqual({
        do: 'show',
        texts: Object.fromEntries(wanted),
        ...(seconds !== '' && { seconds: 86_400 }),
      });
      expect(Buffer.byteLength(order)).toBeLessThanOrEqual(bodyBytesMax('K'.repeat(20)));
    }),
  );
  const refused = (input: Record<string, string>) => {
    const read = readCommand(t, 'show-message', input, 0);
    return read.ok ? {} : read.errors;
  };
  expect(refused({ 'text-fr': ' ', 'text-en': '' })).toEqual({
    'text-fr': 'Écrivez le message dans une langue au moins.',
  });
  expect(refused({ 'text-en': 'x'.repeat(121) })).toEqual({ 'text-en': t('form.too-long', 120) });
  const wide = '漢'.repeat(120);
  expect(refused({ 'text-fr': wide, 'text-en': wide, 'text-de': wide })['text-fr']).toMatch(
    /^Ces textes ne tiennent pas dans un datagramme\u00a0: \d+ octets de trop/,
  );
});
