/** Runs SQL on a SQLite file behind earmark's back, as a database's own shell does: nothing checks foreign keys. */
import Database from 'better-sqlite3';

const [file, ...statements] = process.argv.slice(2);
const db = new Database(file);
db.pragma('foreign_keys = off');
for (const statement of statements) db.exec(statement);
db.close();
