import { html } from 'hono/html';
import type { ChargePointView, ConnectorView, FleetState, RunningSessionView } from '#actors/fleet/messages.ts';
import type { Translate } from '#web/i18n/t.ts';
import type { ChargePointErrorCode, ChargePointStatus } from '#src/wire/ocpp/messages.ts';
import { duration } from './format.ts';
import type { Html } from './html.ts';
import { icon } from './icon.ts';

const stateIcon: Readonly<Record<FleetState, string>> = {
  free: 'circle-check',
  occupied: 'car',
  'out-of-service': 'ban',
  offline: 'cloud-off',
};

/** « il y a 2 min », counting on. */
export function ago(t: Translate, sinceMs: number, nowMs: number): Html {
  return html`${t('time.ago.before')} ${elapsed(t, sinceMs, nowMs)} ${t('time.ago.after')}`;
}

/** How a status looks: its drawing, and the colour family shared by every status that means the same to a maintainer. */
const statusLook: Readonly<Record<ChargePointStatus, { readonly icon: string; readonly tone: string }>> = {
  Available: { icon: 'plug', tone: 'free' },
  Preparing: { icon: 'hourglass', tone: 'occupied' },
  Charging: { icon: 'zap', tone: 'charging' },
  SuspendedEVSE: { icon: 'circle-pause', tone: 'occupied' },
  SuspendedEV: { icon: 'circle-pause', tone: 'occupied' },
  Finishing: { icon: 'unplug', tone: 'occupied' },
  Reserved: { icon: 'bookmark', tone: 'occupied' },
  Unavailable: { icon: 'ban', tone: 'out-of-service' },
  Faulted: { icon: 'triangle-alert', tone: 'fault' },
};

/** The colour family of a charger: of its state, where it has told one. */
export function stateTone({ state, statusTold }: ChargePointView): FleetState | 'untold' {
  return statusTold || state === 'offline' ? state : 'untold';
}

/**
 * Icon, word and colour: none of the three is needed to understand the other two. A charger that is heard but has told
 * no status wears that instead of a state which would be a guess.
 */
export function stateBadge(t: Translate, view: ChargePointView): Html {
  const { state } = view;
  if (stateTone(view) === 'untold') {
    return html`<span class="badge st-untold" title="${t('state.untold.hint')}"
      >${icon('circle-dashed')}${t('state.untold')}</span
    >`;
  }
  return html`<span class="badge st-${state}">${icon(stateIcon[state])}${t(`state.${state}`)}</span>`;
}

/** With the fault's own age, which is seldom that of the state beside it. */
export function faultBadge(t: Translate, { faultSinceMs }: ChargePointView, nowMs: number): Html {
  return html`<span class="badge st-fault"
    >${icon('triangle-alert')}${t('state.fault')}${faultSinceMs !== null && html` ${elapsed(t, faultSinceMs, nowMs)}`}</span
  >`;
}

/** Beside the state, never instead of it: the state follows the one-hour rule, the link tells of now. */
export function linkMark(t: Translate, view: ChargePointView): Html | null {
  if (view.linked || view.state === 'offline') return null;
  return html`<span class="badge st-lost" title="${t('state.link-lost.hint')}"
    >${icon('unlink')}${t('state.link-lost')}</span
  >`;
}

export function statusTone(connector: Pick<ConnectorView, 'status' | 'errorCode' | 'busyBeside'>): string {
  if (connector.errorCode !== 'NoError') return 'fault';
  if (isBesideOthers(connector)) return 'occupied';
  return connector.status === null ? 'offline' : statusLook[connector.status].tone;
}

export function statusIcon(status: ChargePointStatus | null): Html {
  return icon(status === null ? 'circle-dashed' : statusLook[status].icon);
}

export function statusWord(
  t: Translate,
  connector: Pick<ConnectorView, 'status' | 'busyBeside'> & { readonly session: object | null },
): string {
  const { status, session } = connector;
  if (isBesideOthers(connector)) return t('connector.beside', connector.busyBeside ?? 0);
  if (status === null) return t('connector.status.unknown');
  // OCPP 1.5 says no more than that something is plugged in: with a recharge under way, nobody is preparing one.
  return status === 'Preparing' && session !== null ? t('connector.status.Occupied') : t(`connector.status.${status}`);
}

/** Free by itself, while a vehicle stands at another socket of its point. */
function isBesideOthers({ status, busyBeside }: Pick<ConnectorView, 'status' | 'busyBeside'>): boolean {
  return busyBeside !== undefined && (status === 'Available' || status === null);
}

/** A fault in words, with what the charger adds of its own; null when there is none. */
export function faultWords(
  t: Translate,
  part: {
    readonly errorCode: ChargePointErrorCode;
    readonly info?: string | null;
    readonly vendorErrorCode?: string | null;
  },
): string | null {
  if (part.errorCode === 'NoError') return null;
  const own = [part.info, part.vendorErrorCode].filter(Boolean).join(' · ');
  return own === '' ? t(`error.${part.errorCode}`) : `${t(`error.${part.errorCode}`)} (${own})`;
}

/** Who charges: the driver's name where the badge is known, else the badge. */
export function sessionOwner(session: Pick<RunningSessionView, 'driver' | 'idTag'>): string {
  return session.driver ?? session.idTag;
}

/** Time gone by since `sinceMs`, which the page's script counts on. */
export function elapsed(t: Translate, sinceMs: number, nowMs: number): Html {
  return html`<time data-age="${sinceMs}" datetime="${new Date(sinceMs).toISOString()}"
    >${duration(t, nowMs - sinceMs)}</time
  >`;
}
