/** The package has no types of its own. */
declare module 'pgpass' {
  interface Login {
    readonly host: string;
    readonly port: number;
    readonly database: string | undefined;
    readonly user: string | undefined;
  }

  /** Looks a login up in the file that PGPASSFILE names, else in `~/.pgpass`. */
  export default function pgpass(login: Login, found: (password: string | undefined) => void): void;
}
