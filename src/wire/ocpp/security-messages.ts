import type { Timestamp } from './values.ts';

/** The security extension of OCPP 1.6 (whitepaper, edition 2), in its own words. */

export type SecurityEventNotification = {
  readonly action: 'SecurityEventNotification';
  /** `FirmwareUpdated`, `InvalidTLSVersion`...; kept as written. */
  readonly type: string;
  readonly timestamp: Timestamp;
  readonly techInfo?: string;
};
export type SignCertificate = { readonly action: 'SignCertificate'; readonly csr: string };
export type LogStatusNotification = {
  readonly action: 'LogStatusNotification';
  readonly status: string;
  readonly requestId?: number;
};
export type SignedFirmwareStatusNotification = {
  readonly action: 'SignedFirmwareStatusNotification';
  readonly status: string;
  readonly requestId?: number;
};
export type SecurityCallFromChargePoint =
  | SecurityEventNotification
  | SignCertificate
  | LogStatusNotification
  | SignedFirmwareStatusNotification;

export type CertificateUse = 'CentralSystemRootCertificate' | 'ManufacturerRootCertificate';
/** What a certificate is called by, without showing it: hashes in hex. */
export type CertificateHashData = {
  readonly hashAlgorithm: 'SHA256' | 'SHA384' | 'SHA512';
  readonly issuerNameHash: string;
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
};
export type ExtendedTrigger =
  | 'BootNotification'
  | 'LogStatusNotification'
  | 'FirmwareStatusNotification'
  | 'Heartbeat'
  | 'MeterValues'
  | 'SignChargePointCertificate'
  | 'StatusNotification';

type Retries = { readonly retries?: number; readonly retryInterval?: number };

export type SecurityCall =
  | { readonly action: 'CertificateSigned'; readonly certificateChain: string }
  | { readonly action: 'DeleteCertificate'; readonly certificateHashData: CertificateHashData }
  | {
      readonly action: 'ExtendedTriggerMessage';
      readonly requestedMessage: ExtendedTrigger;
      readonly connectorId?: number;
    }
  | { readonly action: 'GetInstalledCertificateIds'; readonly certificateType: CertificateUse }
  | {
      readonly action: 'InstallCertificate';
      readonly certificateType: CertificateUse;
      /** PEM. */
      readonly certificate: string;
    }
  | ({
      readonly action: 'GetLog';
      readonly logType: 'DiagnosticsLog' | 'SecurityLog';
      readonly requestId: number;
      readonly log: {
        readonly remoteLocation: string;
        readonly oldestTimestamp?: string;
        readonly latestTimestamp?: string;
      };
    } & Retries)
  | ({
      readonly action: 'SignedUpdateFirmware';
      readonly requestId: number;
      readonly firmware: {
        readonly location: string;
        readonly retrieveDateTime: string;
        readonly installDateTime?: string;
        /** PEM. */
        readonly signingCertificate: string;
        /** Base64. */
        readonly signature: string;
      };
    } & Retries);

export type SecurityAnswer =
  | { readonly action: 'GetLog'; readonly status: string; readonly filename: string | null }
  | {
      readonly action: 'GetInstalledCertificateIds';
      readonly status: string;
      readonly certificateHashData: readonly CertificateHashData[];
    };
