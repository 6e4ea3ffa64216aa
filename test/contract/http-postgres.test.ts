/**
 * HTTP is the same in front of either database, and each database is under the whole contract by itself, so here it is the
 * changes that are tried: that every outcome crosses both.
 */
import { postgresBackend } from '../support/backends.ts';
import { httpBackend } from '../support/http-backend.ts';
import { changesContract } from './stockroom.contract.ts';

changesContract('HTTP over PostgreSQL', httpBackend(postgresBackend));
