import type { Decision } from '#actors/decision.ts';
import type { EventLevel } from '#src/storage/ports.ts';
import { answerTo } from './answering.ts';
import type { ChargePointState, ReadyCall } from './state.ts';
import { onReport } from './transfers.ts';

type FileStatus = Extract<
  ReadyCall['call'],
  {
    action:
      | 'FirmwareStatusNotification'
      | 'SignedFirmwareStatusNotification'
      | 'DiagnosticsStatusNotification'
      | 'LogStatusNotification';
  }
>;

export function onFileStatus(
  state: ChargePointState,
  message: ReadyCall,
  call: FileStatus,
): Decision<ChargePointState> {
  const { action, status } = call;
  const about =
    action === 'FirmwareStatusNotification' || action === 'SignedFirmwareStatusNotification' ? 'firmware' : 'log';
  const requestId = 'requestId' in call ? call.requestId : undefined;
  const told = onReport(state, { about, status, requestId, atMs: message.atMs });
  return { state: told.state, effects: [answerTo(told.state, message, { action }, 'info'), ...told.effects] };
}

/** Security whitepaper, edition 2, section 3: of these an operator must hear. */
const CRITICAL_SECURITY_EVENTS: ReadonlySet<string> = new Set([
  'FirmwareUpdated',
  'SettingSystemTime',
  'StartupOfTheDevice',
  'ResetOrReboot',
  'SecurityLogWasCleared',
  'MemoryExhaustion',
  'TamperDetectionActivated',
]);
/** Critical by the standard, and nothing to wake anyone for: they happen with every boot. */
const EVERYDAY_EVENTS: ReadonlySet<string> = new Set(['StartupOfTheDevice', 'ResetOrReboot', 'SettingSystemTime']);

export function securityLevel(type: string): EventLevel {
  if (EVERYDAY_EVENTS.has(type)) return 'info';
  return CRITICAL_SECURITY_EVENTS.has(type) ? 'critical' : 'problem';
}
