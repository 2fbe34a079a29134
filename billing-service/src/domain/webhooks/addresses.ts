import { BlockList, isIP, isIPv4 } from 'node:net';

/** What the special-purpose registries of IANA do not call global, and multicast. */
const NOT_GLOBAL_4 = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
];
const NOT_GLOBAL_6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
/** The only one of IPv6 that is handed out; beside it, IPv4 behind a translator. */
const GLOBAL_6 = ['2000::/3'];
const TRANSLATED = /^64:ff9b::([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

export function blockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

const notGlobal4 = blockList(NOT_GLOBAL_4);
const notGlobal6 = blockList(NOT_GLOBAL_6);
const global6 = blockList(GLOBAL_6);

function isGlobal(address: string): boolean {
  if (isIPv4(address)) return !notGlobal4.check(address);
  const [, high, low] = TRANSLATED.exec(address.toLowerCase()) ?? [];
  if (high !== undefined && low !== undefined) {
    const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
    return isGlobal([a >> 8, a & 255, b >> 8, b & 255].join('.'));
  }
  return global6.check(address, 'ipv6') && !notGlobal6.check(address, 'ipv6');
}

/** Which addresses may be sent to: global ones, by https; those of the operator's own networks, also without. */
export class AddressRule {
  readonly #own: BlockList;
  readonly #hasOwn: boolean;

  constructor(ownNetworks: readonly string[]) {
    this.#own = blockList(ownNetworks);
    this.#hasOwn = ownNetworks.length > 0;
  }

  /** Null: it may be. */
  faultOf(address: string, protocol: string): string | null {
    if (!isIP(address)) return 'is no address';
    // One family's rules must not be passed by in the other's clothes.
    if (/^::ffff:/i.test(address)) return 'is an IPv4 address written as IPv6';
    if (this.#own.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')) return null;
    if (!isGlobal(address)) return 'is not a public address';
    return protocol === 'https:' ? null : 'must be reached by https';
  }

  /** What can be said of a URL before its name is looked up; null: it may be one. */
  faultOfUrl(text: string): string | null {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (!url) return 'must be a URL';
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an https URL';
    if (url.username || url.password) return 'must have no user and no password';
    if (url.hash) return 'must have no fragment';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host)) return this.faultOf(host, url.protocol);
    return url.protocol === 'https:' || this.#hasOwn ? null : 'must be an https URL';
  }
}
