import { html } from 'hono/html';
import type { ChargePointDetail, CommandView } from '#actors/charge-point/messages.ts';
import { translated, type Translate } from '#web/i18n/t.ts';
import type { ChargePointFacts } from './charge-point-facts.ts';
import { commandControl } from './command-form.ts';
import { whileAbsent } from './waiting.ts';
import type { CommandFormSpec } from './command-form-spec.ts';
import { dateTime, writtenDay } from './format.ts';
import { isFields, wordOf } from './frames.ts';
import type { Html } from './html.ts';
import { KIT_VENDOR, languagesOf } from './message-forms.ts';

type Fields = Readonly<Record<string, unknown>>;
const POINTS = [1, 2, 3, 4] as const;
/** WHL-04: the values of the key `ListMode`. */
const LIST_MODES = ['active', 'open', 'closed'] as const;

/** What a Pulse kit tells beyond OCPP: of itself, of its points, their sockets and flaps (LAF-01). Empty for others. */
export function kitFacts(t: Translate, facts: ChargePointFacts): Html {
  const { view, detail, mayCommand } = facts;
  const { told } = detail;
  const kit = read(told['kit']);
  const rows: readonly (readonly [label: string, value: string])[] = [
    [t('kit.hard'), wordOf(kit['hard'])],
    [t('kit.soft-date'), dayOf(t, wordOf(kit['softDate']))],
    [t('kit.ip'), wordOf(kit['ip'])],
    [t('kit.mac'), wordOf(kit['mac'])],
    [t('kit.signal'), kit['signal'] === undefined ? '' : `${wordOf(kit['signal']).replace('-', '−')}\u00a0dBm`],
    [t('kit.languages'), list(kit['languages'], (code) => translated(t, `message.language.${code}`) ?? code)],
    [t('kit.shown'), wordOf(kit['shown'])],
    [t('kit.kept'), kit['kept'] === undefined ? '' : t('kit.kept.of', wordOf(kit['kept']))],
    [t('kit.list'), kit['list'] === undefined ? '' : t('kit.list.of', wordOf(kit['list']))],
    [t('kit.mode'), spoken(t, 'kit.mode', kit['mode'])],
  ];
  const points = POINTS.flatMap((point) => {
    const sensors = told[`point/${point}`];
    return sensors === undefined ? [] : [pointFacts(t, point, read(sensors))];
  });
  const known = rows.filter(([, value]) => value !== '');
  return html`<div id="cp-kit">
    ${known.length === 0 && points.length === 0 && html`<p class="muted">${t('kit.silent')}</p>`}
    <dl class="facts">
      ${known.map(
        ([label, value]) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>`,
      )}${points}
    </dl>
    ${whiteList(t, detail)}
    ${mayCommand && html`<div class="command-panel">${kitForms(t, facts).map((form) => commandControl(t, view.chargePointId, form))}</div>`}
  </div>`;
}

/** WHL-01: who is on it, as the kit last told when it was asked. */
function whiteList(t: Translate, { commands }: ChargePointDetail): Html | null {
  const asked = commands.find(({ call, answer }) => isListRead(call) && answer?.action === 'DataTransfer');
  const answer = asked?.answer;
  if (asked === undefined || answer?.action !== 'DataTransfer') return null;
  const { entries } = read(answer.data);
  const rows = Array.isArray(entries) ? entries.filter((entry): entry is unknown[] => Array.isArray(entry)) : [];
  return html`<details class="kit-list">
    <summary>${t('kit.list.read', rows.length, dateTime(t, asked.requestedAtMs))}</summary>
    <ul>
      ${rows.map(([kind, value, until]) => html`<li><code>${wordOf(value)}</code> <span class="sub">${wordOf(kind)} ${wordOf(until)}</span></li>`)}
    </ul>
  </details>`;
}

function isListRead(call: CommandView['call']): boolean {
  return call.action === 'DataTransfer' && call.vendorId === KIT_VENDOR && call.messageId === 'list';
}

/** What a kit is asked here beside the commands of any charger: who is on its white list, and what that is good for. */
export function kitForms(t: Translate, { view, detail }: ChargePointFacts): readonly CommandFormSpec[] {
  const hidden = (name: string, value: string) => ({ kind: 'hidden', name, value }) as const;
  const common = { connectorId: null, icon: 'settings-2', warning: null, ...whileAbsent(view, 'order') } as const;
  const asked = t('kit.order.list');
  const now = read(detail.told['kit'])['mode'];
  // The mode that it is in goes first: that is what is chosen.
  const modes = LIST_MODES.toSorted((a, b) => Number(b === now) - Number(a === now));
  return [
    {
      ...common,
      name: 'data-transfer',
      key: 'kit-list',
      title: asked,
      submit: asked,
      fields: [hidden('form', 'kit-list'), hidden('vendorId', KIT_VENDOR), hidden('messageId', 'list')],
    },
    {
      ...common,
      name: 'change-configuration',
      key: 'kit-mode',
      title: t('kit.mode.set'),
      submit: t('command.send'),
      fields: [
        hidden('form', 'kit-mode'),
        hidden('key', 'ListMode'),
        {
          kind: 'choice',
          name: 'value',
          label: t('kit.mode'),
          options: modes.map((mode) => [mode, t(`kit.mode.${mode}`)]),
        },
      ],
    },
  ];
}

/** The languages of its display, as it told them. */
export function kitLanguages({ told }: Pick<ChargePointDetail, 'told'>): readonly string[] {
  return languagesOf(read(told['kit'])['languages']);
}

function pointFacts(t: Translate, point: number, sensors: Fields): Html {
  const sockets = Array.isArray(sensors['sockets']) ? sensors['sockets'].filter(isFields) : [];
  const vehicle = sensors['vehicle'];
  const said = [
    ...(typeof vehicle === 'boolean' ? [t(vehicle ? 'kit.vehicle.yes' : 'kit.vehicle.no')] : []),
    ...sockets.map((socket) =>
      [
        t('kit.socket', wordOf(socket['socket'])),
        [
          spoken(t, 'kit.flap', socket['flap']),
          socket['plug'] === true ? t('kit.plugged') : '',
          socket['lock'] === true ? t('kit.locked') : '',
        ]
          .filter(Boolean)
          .join(', '),
      ].join(`${t('app.colon')} `),
    ),
  ];
  return html`<div>
    <dt>${t('connector.number', point)}</dt>
    <dd>${said.map((one) => html`<span class="kit-line">${one}</span>`)}</dd>
  </div>`;
}

function spoken(t: Translate, family: 'kit.mode' | 'kit.flap', value: unknown): string {
  const word = wordOf(value);
  return word === '' ? '' : (translated(t, `${family}.${word}`) ?? word);
}

/** A day as a kit writes it; whatever else it says stays as it came. */
function dayOf(t: Translate, text: string): string {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? writtenDay(t, text) : text;
}

function list(value: unknown, name: (word: string) => string): string {
  return Array.isArray(value) ? value.map(wordOf).filter(Boolean).map(name).join(', ') : '';
}

/** Kept as it came: whatever it was, this does not throw. */
function read(text: string | undefined): Fields {
  if (text === undefined) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
