import { z } from 'zod';
import type { ReviewView } from '#actors/archive/messages.ts';
import type { ReviewChoice } from '#actors/connector/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { energy } from '#web/views/format.ts';

/** Spaces between thousands and the unit itself may be typed or pasted. */
const NOISE = /[\s\u00a0\u202f]|kwh$/gi;
const WH_PER_KWH = 1000;

const mark = z.string().default('');
const forms = z.discriminatedUnion('choice', [
  z.object({ choice: z.literal('bill'), energy: z.string().default(''), mark }),
  z.object({ choice: z.literal('keep-first'), mark }),
  z.object({ choice: z.literal('take-second'), mark }),
  z.object({
    choice: z.literal('attach'),
    transactionId: z.coerce.number().int().positive().optional().catch(undefined),
  }),
  z.object({ choice: z.literal('set-aside') }),
  z.object({ choice: z.literal('seen') }),
]);

export type ReadChoice =
  | { readonly ok: true; readonly choice: ReviewChoice }
  /** One sentence per field; without any field the form is none of ours. */
  | { readonly ok: false; readonly errors: Readonly<Record<string, string>> };

/** A person's decision from the fields as posted. */
export function readChoice(t: Translate, view: ReviewView, input: Readonly<Record<string, string>>): ReadChoice {
  const read = forms.safeParse(input);
  if (!read.success) return { ok: false, errors: {} };
  const { data } = read;
  switch (data.choice) {
    case 'bill':
      return readEnergy(t, view, data);
    case 'attach': {
      const { transactionId } = data;
      if (transactionId === undefined) return { ok: false, errors: { transactionId: t('review.attach.choose') } };
      return { ok: true, choice: { type: 'attach', transactionId } };
    }
    case 'keep-first':
    case 'take-second':
      return { ok: true, choice: { type: data.choice, mark: data.mark } };
    case 'set-aside':
    case 'seen':
      return { ok: true, choice: { type: data.choice } };
  }
}

/** Comma or point, at most to the Wh (`12,4`, `12.4 kWh`). */
function readEnergy(t: Translate, { session }: ReviewView, form: { energy: string; mark: string }): ReadChoice {
  const text = form.energy.replace(NOISE, '').replace(',', '.');
  if (text === '') return { ok: false, errors: { energy: t('form.required') } };
  if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) return { ok: false, errors: { energy: t('review.energy.number') } };
  const energyWh = Math.round(Number(text) * WH_PER_KWH);
  if (session !== null && energyWh > session.energyWh)
    return { ok: false, errors: { energy: t('review.energy.max', energy(t, session.energyWh)) } };
  return { ok: true, choice: { type: 'bill', energyWh, mark: form.mark } };
}
