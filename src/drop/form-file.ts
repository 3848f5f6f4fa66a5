import { Busboy } from '@fastify/busboy';
import { PassThrough, type Readable } from 'node:stream';

type FirstFile = { readonly stream: Readable | null; readonly fileName: string };
const FIELDS_MAX = 20;

/** The first file of a posted form, as it comes; null when there is none. The rest of the form is passed over. */
export function firstFile(body: Readable, contentType: string | undefined): Promise<FirstFile> {
  return new Promise((resolve) => {
    const none = (): void => resolve({ stream: null, fileName: '' });
    try {
      const headers = { 'content-type': contentType ?? '' };
      const form = new Busboy({ headers, limits: { files: 1, fields: FIELDS_MAX } });
      form.on('file', (_field, file, name) => {
        const stream = new PassThrough();
        file.pipe(stream);
        const broken = () => stream.destroy(new Error('the sender went away'));
        body.once('error', broken);
        body.once('aborted', broken);
        resolve({ stream, fileName: name });
      });
      form.on('finish', none);
      form.on('error', none);
      body.pipe(form);
    } catch {
      none(); // A form without a boundary.
    }
  });
}
