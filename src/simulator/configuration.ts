import type { ConfigurationKey } from '#src/wire/ocpp/messages.ts';

type Kind = 'text' | 'integer' | 'boolean';
type Entry = { readonly key: string; readonly kind: Kind; readonly readonly: boolean; readonly value: string };

/** The key table of a charger, by key in lower case: stations compare keys without case. */
export type Configuration = ReadonlyMap<string, Entry>;

export type ChangeResult = {
  readonly configuration: Configuration;
  readonly status: 'Accepted' | 'Rejected' | 'RebootRequired' | 'NotSupported';
};

const VALUE_CHARACTERS_MAX = 500;
const APPLIED_AT_REBOOT = new Set(['websocketpinginterval', 'connectorphaserotation']);
const SAMPLED = 'Energy.Active.Import.Register,Power.Active.Import,Current.Import,SoC';

/** OCPP 1.6 §9: the keys that real stations have, with the values their makers ship. */
export function factoryConfiguration(connectors: number): Configuration {
  const writable: readonly (readonly [string, Kind, string])[] = [
    ['AllowOfflineTxForUnknownId', 'boolean', 'false'],
    ['AuthorizationCacheEnabled', 'boolean', 'true'],
    ['AuthorizeRemoteTxRequests', 'boolean', 'false'],
    ['ClockAlignedDataInterval', 'integer', '0'],
    ['ConnectionTimeOut', 'integer', '60'],
    ['ConnectorPhaseRotation', 'text', '0.RST,1.RST'],
    ['HeartbeatInterval', 'integer', '300'],
    ['LightIntensity', 'integer', '80'],
    ['LocalAuthListEnabled', 'boolean', 'true'],
    ['LocalAuthorizeOffline', 'boolean', 'true'],
    ['LocalPreAuthorize', 'boolean', 'false'],
    ['MeterValuesAlignedData', 'text', 'Energy.Active.Import.Register'],
    ['MeterValuesSampledData', 'text', SAMPLED],
    ['MeterValueSampleInterval', 'integer', '60'],
    ['ResetRetries', 'integer', '2'],
    ['StopTransactionOnEVSideDisconnect', 'boolean', 'true'],
    ['StopTransactionOnInvalidId', 'boolean', 'true'],
    ['StopTxnAlignedData', 'text', ''],
    ['StopTxnSampledData', 'text', ''],
    ['TransactionMessageAttempts', 'integer', '3'],
    ['TransactionMessageRetryInterval', 'integer', '10'],
    ['UnlockConnectorOnEVSideDisconnect', 'boolean', 'true'],
    ['WebSocketPingInterval', 'integer', '60'],
  ];
  const readonly: readonly (readonly [string, Kind, string])[] = [
    ['GetConfigurationMaxKeys', 'integer', '50'],
    ['LocalAuthListMaxLength', 'integer', '500'],
    ['NumberOfConnectors', 'integer', String(connectors)],
    ['SendLocalListMaxLength', 'integer', '100'],
    [
      'SupportedFeatureProfiles',
      'text',
      'Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger',
    ],
  ];
  return new Map(
    [...writable.map((row) => [...row, false] as const), ...readonly.map((row) => [...row, true] as const)].map(
      ([key, kind, value, fixed]) => [key.toLowerCase(), { key, kind, value, readonly: fixed }],
    ),
  );
}

/** OCPP 1.6 §5.3: an unknown key is NotSupported, a value that does not fit is Rejected. */
export function changeKey(configuration: Configuration, key: string, value: string): ChangeResult {
  const entry = configuration.get(key.toLowerCase());
  if (!entry) return { configuration, status: 'NotSupported' };
  if (entry.readonly || !fits(entry.kind, value)) return { configuration, status: 'Rejected' };
  const changed = new Map(configuration).set(key.toLowerCase(), { ...entry, value });
  return { configuration: changed, status: APPLIED_AT_REBOOT.has(key.toLowerCase()) ? 'RebootRequired' : 'Accepted' };
}

/** No keys asked, or an empty list, means all of them. */
export function readKeys(
  configuration: Configuration,
  keys: readonly string[] = [],
): { readonly configurationKey: readonly ConfigurationKey[]; readonly unknownKey?: readonly string[] } {
  const shown = ({ key, readonly, value }: Entry): ConfigurationKey => ({ key, readonly, value });
  if (keys.length === 0) return { configurationKey: [...configuration.values()].map(shown) };
  const known = keys.flatMap((key) => configuration.get(key.toLowerCase()) ?? []);
  const unknownKey = keys.filter((key) => !configuration.has(key.toLowerCase()));
  return { configurationKey: known.map(shown), ...(unknownKey.length > 0 && { unknownKey }) };
}

/** 0 for a key that is absent or not a number. */
export function integerOf(configuration: Configuration, key: string): number {
  return Number.parseInt(configuration.get(key.toLowerCase())?.value ?? '', 10) || 0;
}

export function isSet(configuration: Configuration, key: string): boolean {
  return configuration.get(key.toLowerCase())?.value.toLowerCase() === 'true';
}

function fits(kind: Kind, value: string): boolean {
  if (value.length > VALUE_CHARACTERS_MAX) return false;
  if (kind === 'integer') return /^\d{1,9}$/.test(value);
  return kind === 'text' || /^(true|false)$/i.test(value);
}
