import type { ChargePointView } from '#actors/fleet/messages.ts';
import { KIT_LANGUAGES, kitSerialOf, SHOWN_CHARACTERS_MAX } from '#src/domain/kit.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import type { CommandFormSpec, WaitKind } from './command-form-spec.ts';
import { isFields } from './frames.ts';

/** As whose exchange the orders go that OCPP does not have. */
export const KIT_VENDOR = 'LafonPulse';
/** For how long a message may stand, in seconds; empty: until another comes. */
const SECONDS = ['', '600', '3600', '28800', '86400'] as const;
/** Languages of one display that have a field. */
const LANGUAGES_MAX = 6;

export function isKit({ chargePointId }: Pick<ChargePointView, 'chargePointId'>): boolean {
  return kitSerialOf(chargePointId) !== null;
}

/** The languages of a display, as its kit told them; those that all have where it told none. */
export function languagesOf(told: unknown): readonly string[] {
  const known = Array.isArray(told) ? told.filter((one): one is string => /^[a-z]{2}$/.test(String(one))) : [];
  return known.length === 0 ? KIT_LANGUAGES : [...new Set(known)].slice(0, LANGUAGES_MAX);
}

/** What a Pulse kit shows on its display, in each language; and that it shows it no more. */
export function messageForms(
  t: Translate,
  { languages = KIT_LANGUAGES, waits }: { readonly languages?: readonly string[]; readonly waits?: WaitKind },
): readonly CommandFormSpec[] {
  const common = {
    name: 'show-message',
    connectorId: null,
    icon: 'message-square',
    warning: null,
    ...(waits && { waits }),
  } as const;
  const field = (language: string, isFirst: boolean) =>
    ({
      kind: 'text',
      name: `text-${language}`,
      label: t('message.text', translated(t, `message.language.${language}`) ?? language),
      required: isFirst && languages.length === 1,
      max: SHOWN_CHARACTERS_MAX,
    }) as const;
  const seconds = SECONDS.map((one) => [one, t(`message.for.${one === '' ? 'ever' : one}`)] as const);
  return [
    {
      ...common,
      title: t('command.show-message'),
      submit: t('command.send'),
      note: t('message.hint'),
      fields: [
        ...languages.map((language, index) => field(language, index === 0)),
        { kind: 'choice', name: 'seconds', label: t('message.for'), options: seconds },
      ],
    },
    {
      ...common,
      key: 'clear',
      title: t('message.clear'),
      submit: t('message.clear'),
      fields: [{ kind: 'hidden', name: 'form', value: 'clear' }],
    },
  ];
}

/** What a kit is asked beyond OCPP, in words; null for what is none of its orders. `about`: what it is to show. */
export function kitOrderTitle(t: Translate, messageId: unknown, about: unknown): string | null {
  if (messageId === 'list') return t('kit.order.list');
  if (messageId !== 'show') return null;
  const texts: readonly unknown[] = isFields(about) ? Object.values(about) : [about];
  const shown = texts.find((one): one is string => typeof one === 'string' && one !== '');
  return shown === undefined ? t('message.clear') : t('message.shown', shown);
}

/** The texts in the data of an order; what is no message is the text itself. */
export function textsIn(data: string): unknown {
  try {
    const value: unknown = JSON.parse(data);
    return isFields(value) && isFields(value['texts']) ? value['texts'] : data;
  } catch (error) {
    if (error instanceof SyntaxError) return data;
    throw error;
  }
}
