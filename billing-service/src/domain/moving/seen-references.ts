/** How many are remembered: about 25 MB. Later lines that repeat one find its user known, and change nothing either. */
const MOST = 2 ** 20;

/**
 * On which line of a file each name stood. Not the names themselves, but 64 bits of each: among a million, two that differ
 * look alike once in 40 million files.
 */
export class SeenReferences {
  #slots = new Uint32Array(3 * 2 ** 12);
  #count = 0;
  readonly #most: number;

  constructor(most = MOST) {
    this.#most = most;
  }

  /** The line where it stood before; 0 where it did not, and then it stands on `line`, from 1. */
  note(reference: string, line: number): number {
    const [high, low] = fingerprint(reference);
    const place = this.#find(high, low);
    const before = this.#slots[place] as number;
    if (before !== 0 || this.#count >= this.#most) return before;
    this.#slots.set([line, high, low], place);
    this.#count += 1;
    if (this.#count * 6 > this.#slots.length) this.#grow();
    return 0;
  }

  /** Where it is, or the free slot where it would be. */
  #find(high: number, low: number): number {
    const slots = this.#slots.length / 3;
    for (let slot = high % slots; ; slot = (slot + 1) % slots) {
      const place = 3 * slot;
      if (this.#slots[place] === 0) return place;
      if (this.#slots[place + 1] === high && this.#slots[place + 2] === low) return place;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let place = 0; place < old.length; place += 3) {
      if (old[place] === 0) continue;
      const [line, high, low] = old.subarray(place, place + 3) as unknown as [number, number, number];
      this.#slots.set([line, high, low], this.#find(high, low));
    }
  }
}

/** cyrb53's mixing, with all of its 64 bits. */
function fingerprint(text: string): [high: number, low: number] {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return [high >>> 0, low >>> 0];
}
