import type { Decision, Effect } from '#actors/decision.ts';
import { failAll } from './commands.ts';
import { keysLater } from './forced-keys.ts';
import type { LinkMessage } from '#src/wire/link-message.ts';
import {
  counted,
  withDurable,
  withLive,
  type Alarm,
  type ChargePointState,
  type LinkUp,
  type LiveLink,
} from './state.ts';
import { sendNext } from './sending.ts';
import { standInsCleared } from './profile-climb.ts';
import { heardFrom } from './way.ts';
import { duplicateIdentity, linkEvent, oneMoreTakeover, recentTakeovers, TAKEOVERS_MAX } from './twins.ts';

/** How long our calls wait for a boot that may never come: many boxes do not boot again after a lost link (field-12, field-13). */
export const BOOT_WAIT_MS = 30_000;
/** As many boots within this time are a loop: a box that is installed or updated boots two or three times. */
export const BOOT_LOOP_BOOTS = 6;
export const BOOT_LOOP_WINDOW_MS = 900_000;
/** Private use (RFC 6455 §7.4.2): the link was replaced by a newer one. */
const REPLACED = 4000;

type Moved = Extract<LinkMessage, { type: 'link-moved' }>;
type Down = Extract<LinkMessage, { type: 'link-down' }>;

/** A socket was opened: the newest one wins at once, whatever the older one believes (field-09). */
export function onLinkUp(known: ChargePointState, message: LinkUp): Decision<ChargePointState> {
  const { linkId, remoteAddress, atMs } = message;
  const state = counted(known, message.tolerated ?? [], atMs);
  const before = state.live.link;
  const link: LiveLink = {
    linkId,
    remoteAddress,
    calledAs: message.calledAs ?? null,
    security: message.security ?? 0,
    sinceMs: atMs,
    ready: message.reached === true,
    ...(message.tolerated?.length && { forgiven: message.tolerated }),
  };
  // The charger that we call already has come in: what is under way goes on.
  const isWay = before === null && known.live.way === linkId;
  const failed = isWay ? { state, effects: [] } : failAll(state, atMs, true);
  const fromElsewhere = before !== null && before.remoteAddress !== remoteAddress;
  const takeovers = fromElsewhere ? oneMoreTakeover(state, atMs) : recentTakeovers(state, atMs);
  const { orphans } = failed.state.live;
  // A snapshot is due with what a restart cut off: `decide` tells of it then, once and for all.
  const { commands } = failed.state.durable;
  const newcomer = state.live.newcomer && before === null;
  const settled = orphans.length === 0 ? failed.state : withDurable(failed.state, { commands: [...commands] });
  const up = withLive(
    heardFrom(settled, message.protocol ?? null, { address: remoteAddress, calledAs: link.calledAs }),
    {
      link,
      way: null,
      protocol: message.protocol ?? state.live.protocol,
      unreachable: null,
      newcomer,
      takeovers,
      clockOffsetMs: null,
      clockMeasuresMs: [],
      clockWarned: false,
    },
  );
  const linked = standInsCleared(up);
  const alarm: Alarm = { type: 'boot-waited', linkId, atMs: atMs + BOOT_WAIT_MS };
  const older = before?.linkId ?? (isWay ? null : known.live.way);
  const replaced: Effect[] =
    older === null
      ? []
      : [{ type: 'close-link', linkId: older, code: REPLACED, why: 'replaced by a newer connection' }];
  const twins =
    fromElsewhere && takeovers.length >= TAKEOVERS_MAX
      ? duplicateIdentity(linked, atMs)
      : { state: linked, effects: [] };
  return {
    state: twins.state,
    effects: [
      ...failed.effects,
      linkEvent(state, {
        name: 'link-up',
        level: 'info',
        atMs,
        note: [remoteAddress, message.note].filter(Boolean).join(' '),
      }),
      ...twins.effects,
      ...replaced,
      link.ready
        ? keysLater({ linkId, booted: false, atMs })
        : { type: 'wake', key: 'boot-waited', atMs: alarm.atMs, message: alarm, volatile: true },
    ],
  };
}

/** A network gave the charger another address; what it signs shows that nobody else has the link. */
export function onLinkMoved(state: ChargePointState, message: Moved): Decision<ChargePointState> {
  const { link } = state.live;
  const { linkId, remoteAddress, atMs } = message;
  if (link === null || link.linkId !== linkId) return { state, effects: [] };
  return {
    state: heardFrom(withLive(state, { link: { ...link, remoteAddress } }), state.live.protocol, {
      address: remoteAddress,
      calledAs: link.calledAs,
    }),
    effects: [linkEvent(state, { name: 'link-moved', level: 'debug', atMs, note: remoteAddress })],
  };
}

/** A socket was closed. An older one than the present says nothing (field-09). */
export function onLinkDown(state: ChargePointState, message: Down): Decision<ChargePointState> {
  const { link } = state.live;
  const { atMs, code } = message;
  if (link === null && state.live.way === message.linkId) {
    const cut = failAll(state, atMs, true);
    return { state: withLive(cut.state, { way: null }), effects: cut.effects };
  }
  if (link === null || link.linkId !== message.linkId) return { state, effects: [] };
  const failed = failAll(state, atMs, true);
  const level = code === 1000 || code === 1001 ? 'info' : 'problem';
  return {
    state: withLive(failed.state, { link: null, unreachable: null, newcomer: false }),
    effects: [...failed.effects, linkEvent(state, { name: 'link-down', level, atMs, note: `code ${code}` })],
  };
}

/** No boot came on this link: it is a reconnection without one, and commands may go (field-13). */
export function onBootWaited(
  state: ChargePointState,
  alarm: { linkId: number; atMs: number },
): Decision<ChargePointState> {
  const { link } = state.live;
  if (link === null || link.linkId !== alarm.linkId || link.ready) return { state, effects: [] };
  const sent = sendNext(withLive(state, { link: { ...link, ready: true } }), alarm.atMs);
  const keys = keysLater({ linkId: link.linkId, booted: false, atMs: alarm.atMs });
  return { state: sent.state, effects: [...sent.effects, keys] };
}

/** A box that boots again and again is told of once, however long that goes on (field-37). */
export function rebooted(state: ChargePointState, atMs: number): Decision<ChargePointState> {
  const recent = state.live.boots.filter((at) => at > atMs - BOOT_LOOP_WINDOW_MS);
  const boots = [...recent, atMs].slice(-BOOT_LOOP_BOOTS - 1);
  // One more than the limit is kept: a loop that goes on is thereby told from one that begins.
  const begins = boots.length === BOOT_LOOP_BOOTS;
  const note = `${BOOT_LOOP_BOOTS} boots in ${BOOT_LOOP_WINDOW_MS / 60_000} min`;
  return {
    state: withLive(state, { boots }),
    effects: begins ? [linkEvent(state, { name: 'boot-loop', level: 'problem', atMs, note })] : [],
  };
}
