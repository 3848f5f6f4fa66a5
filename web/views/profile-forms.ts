import type { ChargePointView } from '#actors/fleet/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { CommandField, CommandFormSpec } from './command-form-spec.ts';
import { whileAbsent } from './waiting.ts';

/** The longest list of badges that a form takes: chargers hold some hundreds. */
export const LIST_TAGS_MAX = 500;
/** Of one certificate (OCPP 1.6 security extension). */
export const PEM_CHARACTERS_MAX = 5_500;
const EXTENDED = [
  'SignChargePointCertificate',
  'LogStatusNotification',
  'FirmwareStatusNotification',
  'StatusNotification',
  'MeterValues',
  'BootNotification',
  'Heartbeat',
] as const;

/** The forms of the profiles beyond Core: local list, reservation, smart charging, security. */
export function profileForms(t: Translate, view: ChargePointView): readonly CommandFormSpec[] {
  const common = { connectorId: null, warning: null } as const;
  const forms = [...listForms(t), ...chargingForms(t, view), ...securityForms(t), ...reservationForms(t)];
  return forms.map((form) => ({
    ...common,
    ...form,
    ...whileAbsent(view, form.name === 'reserve' ? 'reservation' : 'order'),
  }));
}

type Form = Pick<CommandFormSpec, 'name' | 'title' | 'icon' | 'submit' | 'fields'>;

const text = (name: string, label: string, max: number, initial?: string): CommandField => ({
  kind: 'text',
  name,
  label,
  required: true,
  max,
  ...(initial === undefined ? {} : { initial }),
});
const optional = (name: string, label: string, max: number): CommandField => ({
  kind: 'text',
  name,
  label,
  required: false,
  max,
});
const choice = (
  name: string,
  label: string,
  options: readonly (readonly [value: string, text: string])[],
): CommandField => ({ kind: 'choice', name, label, options });

function listForms(t: Translate): readonly Form[] {
  return [
    {
      name: 'list-version',
      title: t('command.list-version'),
      icon: 'list-checks',
      submit: t('command.list-version'),
      fields: [],
    },
    {
      name: 'send-list',
      title: t('command.send-list'),
      icon: 'list-checks',
      submit: t('command.send'),
      fields: [
        choice(
          'updateType',
          t('command.send-list.type'),
          (['Full', 'Differential'] as const).map((type) => [type, t(`command.send-list.${type}`)]),
        ),
        text('listVersion', t('command.send-list.version'), 9, '1'),
        {
          kind: 'lines',
          name: 'tags',
          label: t('command.send-list.which'),
          hint: t('command.send-list.which.hint'),
          max: LIST_TAGS_MAX * 22,
        },
      ],
    },
  ];
}

function reservationForms(t: Translate): readonly Form[] {
  return [
    {
      name: 'reserve',
      title: t('command.reserve'),
      icon: 'calendar-clock',
      submit: t('command.reserve'),
      fields: [
        text('connectorId', t('command.reserve.connector'), 3, '1'),
        text('idTag', t('command.reserve.tag'), 20),
        text('minutes', t('command.reserve.minutes'), 4, '30'),
        text('reservationId', t('command.reserve.id'), 9, '1'),
      ],
    },
    {
      name: 'cancel-reservation',
      title: t('command.cancel-reservation'),
      icon: 'calendar-clock',
      submit: t('command.cancel-reservation'),
      fields: [text('reservationId', t('command.reserve.id'), 9, '1')],
    },
  ];
}

const PURPOSES = ['TxDefaultProfile', 'ChargePointMaxProfile', 'TxProfile'] as const;

function chargingForms(t: Translate, view: ChargePointView): readonly Form[] {
  const running = view.connectors.flatMap(({ connectorId, session }) =>
    session === null ? [] : [[String(session.transactionId), t('connector.number', connectorId)] as const],
  );
  const transaction: readonly CommandField[] =
    running.length === 0
      ? []
      : [choice('transactionId', t('command.set-profile.transaction'), [['', t('app.none')], ...running])];
  return [
    {
      name: 'set-profile',
      title: t('command.set-profile'),
      icon: 'gauge',
      submit: t('command.send'),
      fields: [
        choice(
          'purpose',
          t('command.set-profile.purpose'),
          // Without a session there is none to limit.
          PURPOSES.filter((purpose) => purpose !== 'TxProfile' || running.length > 0).map((purpose) => [
            purpose,
            t(`profile.${purpose}`),
          ]),
        ),
        text('connectorId', t('command.set-profile.connector'), 3, '0'),
        text('limit', t('command.set-profile.limit'), 9),
        choice(
          'unit',
          t('command.set-profile.unit'),
          (['A', 'W'] as const).map((unit) => [unit, t(`command.set-profile.unit.${unit}`)]),
        ),
        text('stackLevel', t('command.set-profile.level'), 3, '0'),
        text('profileId', t('command.set-profile.id'), 9, '1'),
        ...transaction,
      ],
    },
    {
      name: 'clear-profile',
      title: t('command.clear-profile'),
      icon: 'gauge',
      submit: t('command.clear-profile'),
      fields: [
        optional('id', t('command.clear-profile.id'), 9),
        choice('purpose', t('command.clear-profile.purpose'), [
          ['', t('command.clear-profile.any')],
          ...PURPOSES.map((purpose) => [purpose, t(`profile.${purpose}`)] as const),
        ]),
      ],
    },
    {
      name: 'composite',
      title: t('command.composite'),
      icon: 'gauge',
      submit: t('command.composite'),
      fields: [
        text('connectorId', t('command.composite.connector'), 3, '0'),
        text('minutes', t('command.composite.minutes'), 4, '60'),
      ],
    },
  ];
}

function securityForms(t: Translate): readonly Form[] {
  const use = choice(
    'certificateType',
    t('command.certificate-type'),
    (['CentralSystemRootCertificate', 'ManufacturerRootCertificate'] as const).map((type) => [
      type,
      t(`certificate.${type}`),
    ]),
  );
  return [
    {
      name: 'extended-trigger',
      title: t('command.extended-trigger'),
      icon: 'message-square',
      submit: t('command.send'),
      fields: [
        choice(
          'requestedMessage',
          t('command.trigger-message.what'),
          EXTENDED.map((name) => [name, name]),
        ),
      ],
    },
    {
      name: 'certificate-ids',
      title: t('command.certificate-ids'),
      icon: 'shield-check',
      submit: t('command.certificate-ids'),
      fields: [use],
    },
    {
      name: 'install-certificate',
      title: t('command.install-certificate'),
      icon: 'shield-check',
      submit: t('command.send'),
      fields: [
        use,
        {
          kind: 'lines',
          name: 'certificate',
          label: t('command.install-certificate.pem'),
          hint: null,
          max: PEM_CHARACTERS_MAX,
        },
      ],
    },
    {
      name: 'delete-certificate',
      title: t('command.delete-certificate'),
      icon: 'shield-off',
      submit: t('command.delete-certificate'),
      fields: [
        choice(
          'hashAlgorithm',
          t('command.delete-certificate.algorithm'),
          ['SHA256', 'SHA384', 'SHA512'].map((name) => [name, name]),
        ),
        text('issuerNameHash', t('command.delete-certificate.name'), 128),
        text('issuerKeyHash', t('command.delete-certificate.key'), 128),
        text('serialNumber', t('command.delete-certificate.serial'), 40),
      ],
    },
  ];
}
