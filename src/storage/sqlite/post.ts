import { sql, type RawBuilder } from 'kysely';
import { EXPIRED, TEXT_CHARACTERS_MAX, type PostMessage } from '#src/domain/post.ts';
import type { PostQuery, PostRow, PostStore } from '../post-port.ts';
import { builder, prepare, slot, type Connection } from './connection.ts';
import type { GroupCommitter } from './group-commit.ts';
import { changesOf, databaseOver, execute, rows, type Database } from './office/database.ts';

/** Words of the other side are kept this far: a server may answer with a whole page. */
const ERROR_CHARACTERS_MAX = 300;

/** Queues a message inside the transaction of a commit. The statement is compiled once. */
export function messageWriter(connection: Connection): (message: PostMessage) => void {
  const insert = prepare(
    connection,
    builder(connection)
      .insertInto('post_message')
      .values({
        key: slot,
        channel: slot,
        recipient: slot,
        subject: slot,
        text: slot,
        secret: slot,
        subscriber_id: slot,
        created_at_ms: slot,
        expires_at_ms: slot,
        state: sql.lit('waiting'),
        tries: sql.lit(0),
        next_try_at_ms: slot,
      })
      .onConflict((conflict) => conflict.column('key').doNothing()),
  );
  return (m) => {
    insert.run(...valuesOf(m), m.createdAtMs);
  };
}

function valuesOf(m: PostMessage): readonly (string | number | null)[] {
  const text = m.text.slice(0, TEXT_CHARACTERS_MAX);
  return [m.key, m.channel, m.to, m.subject, text, m.secret, m.subscriberId, m.createdAtMs, m.expiresAtMs ?? null];
}

/** The same for a transaction of the back office, where no charger waits. */
export function queueMessage(database: Database, m: PostMessage): void {
  execute(
    database,
    sql`insert into post_message (key, channel, recipient, subject, text, secret, subscriber_id, created_at_ms,
        expires_at_ms, state, tries, next_try_at_ms)
      values (${sql.join(valuesOf(m))}, 'waiting', 0, ${m.createdAtMs}) on conflict (key) do nothing`,
  );
}

/** Behind every letter that a key is made of. */
const LAST = '\u{10FFFF}';

/** Does a message wait whose key begins so? With `ended`, or has there been one? */
export function isQueued(database: Database, keyStem: string, ended: boolean): boolean {
  const state = ended ? sql`1` : sql`state = 'waiting'`;
  return rows(database, sql`select 1 from post_message where ${beginning(keyStem)} and ${state} limit 1`).length > 0;
}

/** Messages of a channel whose keys begin so are as though they had never been. */
export function dropMessages(database: Database, channel: string, keyStem: string): void {
  execute(database, sql`delete from post_message where ${beginning(keyStem)} and channel = ${channel}`);
}

function beginning(keyStem: string): RawBuilder<unknown> {
  return sql`key >= ${keyStem} and key < ${keyStem + LAST}`;
}

/** Messages to people on SQLite: reads are immediate, writes go through the group committer like everyone's. */
export function sqlitePost(connection: Connection, committer: GroupCommitter): PostStore {
  const database = databaseOver(connection);
  const written = <Result>(apply: () => Result): Promise<Result> =>
    committer.write<Result>({
      apply,
      refused(error) {
        throw error;
      },
    });
  return {
    queue: (message) => written(() => queueMessage(database, message)),
    async due(channel, nowMs, limit) {
      const waiting = sql`state = 'waiting' and next_try_at_ms <= ${nowMs} and channel = ${channel}`;
      return rows(
        database,
        sql`select * from post_message where ${waiting} order by next_try_at_ms, key limit ${limit}`,
      ).map(rowOf);
    },
    tried: (key, outcome) =>
      written(() => {
        const error = outcome.state === 'sent' ? null : outcome.error.slice(0, ERROR_CHARACTERS_MAX);
        const how =
          outcome.state === 'waiting'
            ? sql`next_try_at_ms = ${outcome.nextTryAtMs}`
            : sql`state = ${outcome.state}, ended_at_ms = ${outcome.atMs}, secret = null`;
        execute(
          database,
          sql`update post_message set tries = tries + 1, last_error = ${error}, ${how}
            where key = ${key} and state = 'waiting'`,
        );
      }),
    async list({ offset, limit, ...query }) {
      const where = matching(query);
      const [count] = rows(database, sql`select count(*) as found from post_message where ${where}`);
      const found = rows(
        database,
        sql`select * from post_message where ${where} order by created_at_ms desc, key desc limit ${limit} offset ${offset}`,
      );
      return { rows: found.map(rowOf), found: Number(count?.['found']) };
    },
    retry: ({ key, atMs, ...scope }) =>
      written(() => {
        // What it said is needed: neither forgotten after its time, nor a secret that went with its end.
        const whole = sql`recipient <> '' and instr(text, '{secret}') = 0`;
        const failed = sql`key = ${key} and state = 'failed' and ${whole} and ${ofSubscriber(scope)}`;
        const again = sql`state = 'waiting', tries = 0, next_try_at_ms = ${atMs}, ended_at_ms = null, last_error = null`;
        return changesOf(database, sql`update post_message set ${again} where ${failed}`) > 0;
      }),
    endExpired: (nowMs, limit) =>
      written(() => {
        const over = sql`state = 'waiting' and expires_at_ms <= ${nowMs}`;
        const some = sql`select key from post_message where ${over} order by expires_at_ms limit ${limit}`;
        const end = sql`state = 'failed', ended_at_ms = ${nowMs}, last_error = ${EXPIRED}, secret = null`;
        return changesOf(database, sql`update post_message set ${end} where key in (${some})`);
      }),
    forgetEnded: (beforeMs, limit) =>
      written(() => {
        const ended = sql`state <> 'waiting' and recipient <> '' and ended_at_ms < ${beforeMs}`;
        const some = sql`select key from post_message where ${ended} order by ended_at_ms limit ${limit}`;
        const blank = sql`recipient = '', subject = '', text = '', last_error = null`;
        return changesOf(database, sql`update post_message set ${blank} where key in (${some})`);
      }),
  };
}

function matching(query: Omit<PostQuery, 'offset' | 'limit'>): RawBuilder<unknown> {
  const { state, channel, search } = query;
  // What was forgotten has nothing left to show.
  const parts: RawBuilder<unknown>[] = [sql`recipient <> ''`, ofSubscriber(query)];
  if (state !== null) parts.push(sql`state = ${state}`);
  if (channel !== null) parts.push(sql`channel = ${channel}`);
  if (search !== '') {
    const like = `%${search.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    const among = ['recipient', 'subject', 'text'].map((name) => sql`${sql.ref(name)} like ${like} escape '\\'`);
    parts.push(sql`(${sql.join(among, sql` or `)})`);
  }
  return sql.join(parts, sql` and `);
}

function ofSubscriber({ subscriberId }: { readonly subscriberId?: string | null }): RawBuilder<unknown> {
  return subscriberId === undefined ? sql`1` : sql`subscriber_id is ${subscriberId}`;
}

function rowOf(row: Readonly<Record<string, unknown>>): PostRow {
  return {
    key: String(row['key']),
    channel: row['channel'] as PostRow['channel'],
    to: String(row['recipient']),
    subject: String(row['subject']),
    text: String(row['text']),
    secret: row['secret'] as string | null,
    subscriberId: row['subscriber_id'] as string | null,
    createdAtMs: Number(row['created_at_ms']),
    state: row['state'] as PostRow['state'],
    tries: Number(row['tries']),
    nextTryAtMs: Number(row['next_try_at_ms']),
    lastError: row['last_error'] as string | null,
    endedAtMs: row['ended_at_ms'] as number | null,
    ...(row['expires_at_ms'] !== null && { expiresAtMs: Number(row['expires_at_ms']) }),
  };
}
