import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Server } from 'node:tls';
import { createSecureContext, type SecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls';

/** A certificate with its chain, and its key, both in PEM. */
export type Certificate = { readonly cert: string; readonly key: string };

type Known = Certificate & {
  readonly leaf: X509Certificate;
  /** `DNS:vigie.example`; the subject where it has no alternative names. */
  readonly names: readonly string[];
};
/** What a server has in common for all names: whose certificates of chargers it trusts, and the least version. */
type Common = Pick<SecureContextOptions, 'ca' | 'minVersion'>;

/**
 * The certificates that chargers see of us (decision 0031): several names, and for the first of them several kinds of key,
 * as old chargers know RSA alone. They may be renewed while servers run.
 */
export class ServerCertificates {
  #known: readonly Known[];
  readonly #followers: (() => void)[] = [];

  /** @throws Error for one that cannot be read, or whose key is another's; for none at all. */
  constructor(certificates: readonly Certificate[]) {
    this.#known = checked(certificates);
  }

  get all(): readonly X509Certificate[] {
    return this.#known.map(({ leaf }) => leaf);
  }

  /** From the next handshake on. @throws as the constructor does; then those of before go on being shown. */
  renew(certificates: readonly Certificate[]): void {
    this.#known = checked(certificates);
    for (const follow of this.#followers) follow();
  }

  /** A TLS server that shows each charger the certificate of the name it asks for, and goes on with renewed ones. */
  serve<Served extends Server>(common: Common, make: (options: TlsOptions) => Served): Served {
    let contexts = new Map<string, SecureContext>();
    const contextFor = (servername: string): SecureContext | undefined => {
      const shown = this.#shownFor(servername);
      if (shown === null) return undefined;
      // By what is shown, not by the name: anybody may ask for any number of names.
      const context = contexts.get(shown.leaf.fingerprint256) ?? createSecureContext({ ...common, ...pems([shown]) });
      contexts.set(shown.leaf.fingerprint256, context);
      return context;
    };
    const server = make({
      ...common,
      ...pems(this.#shownFirst()),
      // Without a context of its own, a name has that of the server.
      SNICallback: (servername, done) => done(null, contextFor(servername)),
    });
    this.#followers.push(() => {
      contexts = new Map();
      server.setSecureContext({ ...common, ...pems(this.#shownFirst()) });
    });
    return server;
  }

  /** To whoever asks for the name of the first, for none, or for one that we have not: one of each kind of key. */
  #shownFirst(): readonly Known[] {
    const [first] = this.#known;
    const byKind = new Map<string | undefined, Known>();
    for (const one of this.#known) {
      const kind = one.leaf.publicKey.asymmetricKeyType;
      if (one.names.some((name) => first?.names.includes(name)) && !byKind.has(kind)) byKind.set(kind, one);
    }
    return [...byKind.values()];
  }

  /** To whoever asks for another name; null for everyone else. Node takes one for a name: RSA is known to all. */
  #shownFor(servername: string): Known | null {
    const named = this.#known.filter(({ leaf }) => leaf.checkHost(servername) !== undefined);
    if (named.some((one) => one === this.#known[0])) return null;
    return named.find(({ leaf }) => leaf.publicKey.asymmetricKeyType === 'rsa') ?? named[0] ?? null;
  }
}

function pems(shown: readonly Known[]): { readonly cert: string[]; readonly key: string[] } {
  return { cert: shown.map(({ cert }) => cert), key: shown.map(({ key }) => key) };
}

function checked(certificates: readonly Certificate[]): readonly Known[] {
  if (certificates.length === 0) throw new Error('there is no certificate');
  return certificates.map(({ cert, key }) => {
    const leaf = new X509Certificate(cert);
    if (!leaf.checkPrivateKey(createPrivateKey(key))) throw new Error(`the key of ${nameOf(leaf)} is another’s`);
    // What Node will say of the whole, said now.
    createSecureContext({ cert, key });
    return { cert, key, leaf, names: leaf.subjectAltName?.split(', ') ?? [leaf.subject] };
  });
}

/** `CN=vigie.example, O=...`. */
export function nameOf({ subject }: X509Certificate): string {
  return subject.replaceAll('\n', ', ');
}
