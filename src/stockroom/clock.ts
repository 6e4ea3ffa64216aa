/** The one place where time comes from; tests put their own in. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** The calendar date here, on which expiry is judged. */
  today(): string;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  today: () => {
    const now = new Date();
    const [month, day] = [now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0'));
    return `${now.getFullYear()}-${month}-${day}`;
  },
};
