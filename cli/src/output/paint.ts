/** Colours, or none. */
export class Paint {
  readonly #isOn: boolean;
  constructor(isOn: boolean) {
    this.#isOn = isOn;
  }
  bold = (text: string): string => this.#wrap(text, 1, 22);
  dim = (text: string): string => this.#wrap(text, 2, 22);
  red = (text: string): string => this.#wrap(text, 31, 39);
  green = (text: string): string => this.#wrap(text, 32, 39);
  yellow = (text: string): string => this.#wrap(text, 33, 39);

  #wrap(text: string, open: number, close: number): string {
    return this.#isOn && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  }
}
