import type { Wire } from '../wire.ts';
import { readAnswer } from './answers-from.ts';
import { writeCall, writeError, writeResult } from './frame.ts';
import { rereadExchange } from './reread.ts';

/** OCPP-J 1.6. */
export const ocppJson: Wire = {
  protocol: 'ocpp-1.6-json',
  result: writeResult,
  error: writeError,
  call: writeCall,
  readAnswer,
  reread: rereadExchange,
};
