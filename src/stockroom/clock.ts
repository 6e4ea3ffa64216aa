/** The one place where time comes from; tests put their own in. */
export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** The calendar date here, on which expiry is judged; or what it was at a moment, in milliseconds. */
  today(moment?: number): string;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  today: (moment = Date.now()) => {
    const now = new Date(moment);
    const [month, day] = [now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0'));
    return `${now.getFullYear()}-${month}-${day}`;
  },
};
