import { sqliteBackend } from '../support/backends.ts';
import { stockroomContract } from './stockroom.contract.ts';

stockroomContract('sqlite', sqliteBackend, { histories: 8 });
