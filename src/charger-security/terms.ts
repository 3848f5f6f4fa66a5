import type { X509Certificate } from 'node:crypto';
import type { CertificateTerm } from '#actors/radar/messages.ts';
import { nameOf, type ServerCertificates } from '#src/edges/server-certificates.ts';
import type { ChargerCredentials } from '#src/storage/credential-port.ts';

/** More than that nobody reads; those that end first are told. */
const TERMS_MAX = 500;

/** Until when each certificate is good: the server's own, and the latest of each charger (field-27). */
export function certificateTerms(
  credentials: ChargerCredentials | null,
  own: ServerCertificates | null,
): () => Promise<readonly CertificateTerm[]> {
  return async () => {
    const given = await credentials?.certificates(TERMS_MAX);
    return [
      ...(own?.all ?? []).map(termOf),
      ...(given ?? []).map(({ chargePointId, subject, expiresAtMs }) => ({ chargePointId, subject, expiresAtMs })),
    ];
  };
}

function termOf(leaf: X509Certificate): CertificateTerm {
  return { chargePointId: null, subject: nameOf(leaf), expiresAtMs: Date.parse(leaf.validTo) };
}
