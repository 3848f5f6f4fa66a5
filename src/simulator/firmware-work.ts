/** What a charger does with a software that it was told to load. */
export type FirmwareWork = {
  readonly phase: 'idle' | 'waiting' | 'downloading' | 'downloaded' | 'installing';
  readonly status: string;
  readonly location: string;
  /** Of the security extension: null for a plain `UpdateFirmware`. */
  readonly requestId: number | null;
  /** PEM and base64; null for a software that nobody signed. */
  readonly signed: { readonly certificate: string; readonly signature: string } | null;
};
export const NO_FIRMWARE: FirmwareWork = {
  phase: 'idle',
  status: 'Idle',
  location: '',
  requestId: null,
  signed: null,
};
