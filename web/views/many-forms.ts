import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import { boxForms } from './command-form.ts';
import type { CommandField, CommandFormSpec, CommandName } from './command-form-spec.ts';
import { isKit, messageForms } from './message-forms.ts';

/** What makes sense for many chargers at once: nothing that is about one connector, one session or one person. */
const FOR_MANY: ReadonlySet<CommandName> = new Set([
  'trigger-message',
  'get-configuration',
  'change-configuration',
  'availability',
  'clear-cache',
  'data-transfer',
  'show-message',
  'reset',
  'list-version',
  'send-list',
  'set-profile',
  'clear-profile',
  'composite',
  'extended-trigger',
  'certificate-ids',
  'install-certificate',
  'delete-certificate',
]);

/** The forms that go to all of these chargers. */
export function manyForms(t: Translate, views: readonly ChargePointView[]): readonly CommandFormSpec[] {
  const [first] = views;
  if (first === undefined) return [];
  const ids = idFields(views);
  // As of one that has no connectors to choose from and may be absent: of many, some are.
  const absent = { ...first, connectors: [], linked: false, callable: false };
  const kits = views.filter(isKit);
  const messages = kits.length === 0 ? [] : messageForms(t, { waits: 'order' });
  const few = kits.length < views.length ? t('message.kits', kits.length, views.length) : '';
  const forms = [
    ...boxForms(t, absent).filter(({ name }) => name !== 'show-message'),
    ...messages.map((form) => ({ ...form, note: [few, form.note].filter(Boolean).join(' ') })),
  ];
  const force = { kind: 'check', name: 'force', label: t('key.force') } as const;
  return forms
    .filter(({ name }) => FOR_MANY.has(name))
    .map((form) => {
      const fields = [...form.fields, ...(form.name === 'change-configuration' ? [force] : []), ...ids];
      return { ...form, fields, action: `/commands/${form.name}` };
    });
}

/** Which chargers a form is for, in each form: it is sent alone. */
export function idFields(views: readonly ChargePointView[]): readonly CommandField[] {
  return views.map(({ chargePointId }) => ({ kind: 'hidden', name: 'id', value: chargePointId }) as const);
}
