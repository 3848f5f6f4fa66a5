import { z } from 'zod';
import { bytesTooMany, KIT_LANGUAGES, SHOWN_CHARACTERS_MAX, type KitMessage } from '#src/domain/kit.ts';
import type { CallToChargePoint } from '#src/wire/ocpp/messages.ts';
import { KIT_VENDOR } from '#web/views/message-forms.ts';

const FIELD = /^text-([a-z]{2})$/;
const SECONDS_MAX = 86_400;
export type MessageRefusal = 'message.required' | `datagram:${number}`;

/** What a kit is to show: one text at least, unless its display is to be cleared; all of them in one datagram. */
export const messageInput = z
  .looseObject({ seconds: z.string().optional(), form: z.string().optional() })
  .transform((input, context): CallToChargePoint => {
    const asked = (message: KitMessage): CallToChargePoint => {
      const { texts, seconds } = message;
      const data = JSON.stringify({ texts, ...(seconds !== null && { seconds }) });
      return { action: 'DataTransfer', vendorId: KIT_VENDOR, messageId: 'show', data };
    };
    if (input.form === 'clear') return asked({ texts: {}, seconds: null });
    const typed = Object.entries(input).flatMap(([name, value]): [string, string][] => {
      const language = FIELD.exec(name)?.[1];
      return language === undefined || typeof value !== 'string' || value.trim() === ''
        ? []
        : [[language, value.trim()]];
    });
    const refuse = (language: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [`text-${language}`], message });
    const [first] = typed;
    const field = Object.keys(input).flatMap((name) => FIELD.exec(name)?.[1] ?? [])[0] ?? KIT_LANGUAGES[0] ?? 'fr';
    if (first === undefined) refuse(field, 'message.required' satisfies MessageRefusal);
    for (const [language, text] of typed)
      if ([...text].length > SHOWN_CHARACTERS_MAX) refuse(language, `max:${SHOWN_CHARACTERS_MAX}`);
    const seconds = Number(input.seconds);
    const isTimed = Number.isInteger(seconds) && seconds >= 1 && seconds <= SECONDS_MAX;
    const message: KitMessage = { texts: Object.fromEntries(typed), seconds: isTimed ? seconds : null };
    const tooMany = bytesTooMany(message);
    if (tooMany > 0) refuse(first?.[0] ?? field, `datagram:${tooMany}` satisfies MessageRefusal);
    return asked(message);
  });
