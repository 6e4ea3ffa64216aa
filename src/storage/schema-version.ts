/** The schema that this earmark reads and writes; apart from the migrations, so that checking it loads none of them. */
export const SCHEMA = 2;
