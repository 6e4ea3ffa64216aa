import { postgresBackend } from '../support/backends.ts';
import { stockroomContract } from './stockroom.contract.ts';

stockroomContract('postgres', postgresBackend);
