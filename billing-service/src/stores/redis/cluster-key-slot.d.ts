/** The package has no types of its own. Like Redis, it places a key by what stands between its first braces. */
declare module 'cluster-key-slot' {
  export default function keySlot(key: string): number;
}
