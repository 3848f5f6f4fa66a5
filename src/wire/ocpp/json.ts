import type { Wire } from '../wire.ts';
import { rereadExchange } from './reread.ts';
import { readAnswer } from './answers-from.ts';
import { writeCall, writeError, writeResult } from './frame.ts';

/** OCPP-J 1.6. */
export const ocppJson: Wire = {
  result: writeResult,
  error: writeError,
  call: writeCall,
  readAnswer,
  reread: rereadExchange,
};
