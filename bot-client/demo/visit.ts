import type { Page } from 'playwright-core';

/** A short visit to the demo's page, as a person makes it: join, buy with pretend Stars, a failure, a picture, a chat. */
export class Visit {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Ends while the last answer is still growing, with its tokens held. */
  async play(): Promise<void> {
    const page = this.#page;
    await this.say('/start');
    await this.sees('Join our channel');
    await page.check('#joined');
    await this.sees('Thank you for joining');
    await this.say('/upgrade');
    await this.sees('500 tokens, once');
    await page.getByRole('button', { name: '500 tokens · ⭐ 300' }).last().click();
    await page.getByRole('button', { name: 'Pay ⭐ 300' }).last().click();
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await this.sees('500 tokens added');
    await this.say('What happens when you fail?');
    await this.sees('did not work');
    await this.say('/image a lighthouse at dusk');
    await this.sees('590 left');
    await this.say('Hello, who are you?');
    await page.locator('.draft').waitFor();
    // Not just any hold: the picture's may still be shown for a moment after it was charged.
    await page.locator('#holds li', { hasText: 'Chat message' }).first().waitFor();
  }

  async say(text: string): Promise<void> {
    await this.#page.fill('#text', text);
    await this.#page.press('#text', 'Enter');
  }

  async sees(text: string): Promise<void> {
    await this.#page.getByText(text, { exact: false }).last().waitFor({ timeout: 60_000 });
  }
}
