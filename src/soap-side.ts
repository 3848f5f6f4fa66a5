import type { WayTo } from '#actors/charge-point/way.ts';
import { isPulse } from '#src/domain/office/charger.ts';
import type { Values } from '#src/domain/office/field.ts';
import type { Edge } from '#src/edges/edge.ts';
import type { EdgeHandlers } from '#src/edges/handlers.ts';
import { ServerCertificates } from '#src/edges/server-certificates.ts';
import type { ReachSettings } from '#src/edges/ocpp-soap/reach.ts';
import { listenOcppSoap, type SoapEdge } from '#src/edges/ocpp-soap/server.ts';
import type { Protocol } from '#src/wire/protocol.ts';
import { readCertificates, type CertificatePaths } from './charger-security/certificate-files.ts';
import { ConfigError, type Config } from './config.ts';
import type { StationOf } from './stations.ts';

/** Null for a port that is switched off; 0: any free one. */
type Ports = { readonly port: number | null; readonly tlsPort: number | null };
export type SoapPorts = {
  readonly '1.5': Ports;
  readonly '1.6': Ports;
  /** Without one, no TLS port is opened. */
  readonly certificates: ServerCertificates | null;
};

/** @throws ConfigError for a certificate that cannot be read, or has no key. */
export async function soapPortsOf(config: Config): Promise<SoapPorts> {
  const portOf = (setting: number | 'off'): number | null => (setting === 'off' ? null : setting);
  return {
    '1.5': { port: portOf(config.ocppSoap15Port), tlsPort: portOf(config.ocppSoap15TlsPort) },
    '1.6': { port: portOf(config.ocppSoap16Port), tlsPort: portOf(config.ocppSoap16TlsPort) },
    certificates: await certificatesOf(config),
  };
}

/** Every port that will be listened on. */
export function portsOf({ certificates, ...versions }: SoapPorts): readonly number[] {
  return Object.values(versions)
    .flatMap(({ port, tlsPort }) => [port, certificates === null ? null : tlsPort])
    .filter((port) => port !== null);
}

/** Null without any. @throws ConfigError for a list of certificates without as many keys. */
export function certificatePathsOf({ tlsCertificate, tlsKey }: Config): CertificatePaths | null {
  const [certs, keys] = [pathsIn(tlsCertificate), pathsIn(tlsKey)];
  if (certs.length !== keys.length)
    throw new ConfigError('VIGIE_TLS_CERTIFICATE and VIGIE_TLS_KEY: each certificate needs its key, in the same order');
  return certs.length === 0 ? null : { certs, keys };
}

function pathsIn(list: string): readonly string[] {
  return list
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
}

async function certificatesOf(config: Config): Promise<ServerCertificates | null> {
  const paths = certificatePathsOf(config);
  if (paths === null) return null;
  try {
    return new ServerCertificates(await readCertificates(paths));
  } catch (error) {
    throw new ConfigError(`VIGIE_TLS_CERTIFICATE, VIGIE_TLS_KEY: ${(error as Error).message}`, { cause: error });
  }
}

/** Listens for chargers that speak OCPP over SOAP, in both versions. */
export async function startSoapSide(of: {
  readonly host: string;
  readonly ports: SoapPorts;
  readonly handlers: EdgeHandlers;
  readonly stationOf: StationOf;
}): Promise<[Protocol, SoapEdge][]> {
  const { host, handlers, stationOf } = of;
  const { certificates } = of.ports;
  const edges: [Protocol, SoapEdge][] = [];
  for (const version of ['1.5', '1.6'] as const) {
    const { port, tlsPort } = of.ports[version];
    const tls = certificates === null || tlsPort === null ? null : { port: tlsPort, certificates };
    if (port === null && tls === null) continue;
    const edge = await listenOcppSoap({ version, host, port, tls, handlers, reachOf: reachFrom(stationOf) });
    edges.push([version === '1.5' ? 'ocpp-1.5-soap' : 'ocpp-1.6-soap', edge]);
  }
  return edges;
}

/** OCP-08..10, as the station has it now: what a maintainer changes holds for the next call. */
function reachFrom(stationOf: StationOf): (chargePointId: string) => Promise<ReachSettings | null> {
  return async (chargePointId) => {
    const station = await stationOf(chargePointId);
    return station === null ? null : reachOf(station.values);
  };
}

function reachOf({ wsAddressing, chargerUrl, rememberAddress, chargerPort }: Values): ReachSettings {
  return {
    wsAddressing: wsAddressing === true,
    chargerUrl: typeof chargerUrl === 'string' ? chargerUrl : null,
    rememberAddress: rememberAddress === true,
    chargerPort: typeof chargerPort === 'number' ? chargerPort : null,
  };
}

/**
 * The way to a charger that was not heard since our start, where its station says it: a fixed address (OCP-09), or the
 * one that it was last heard from (OCP-10). The address in its messages (OCP-08) is not known before there is one.
 */
export function wayOver(of: {
  readonly stationOf: StationOf;
  readonly edgeOf: (protocol: Protocol) => Edge | undefined;
}): WayTo {
  return async (chargePointId, lastAddress) => {
    // A disk that cannot be read says nothing: then there is no way.
    const station = await of.stationOf(chargePointId).catch(() => null);
    if (station === null || isPulse(station.values)) return null;
    const edge = of.edgeOf(`ocpp-${String(station.values['ocppVersion'])}` as Protocol);
    const { rememberAddress, wsAddressing, chargerUrl } = reachOf(station.values);
    const isKnown = rememberAddress ? lastAddress !== null : !wsAddressing && chargerUrl !== null;
    return edge !== undefined && isKnown && isSoap(edge) ? edge.wayTo(chargePointId, lastAddress ?? '') : null;
  };
}

function isSoap(edge: Edge): edge is SoapEdge {
  return 'wayTo' in edge;
}
