/** Usage as the AIs send it, as units of which none counts what another one counts too. */
import t from 'tap';
import { unitsOfAnthropic, unitsOfOpenAi } from '../../src/billing/usage-units.js';

t.test('OpenAI, chat completions: cached tokens are inside the prompt, reasoning inside the output', (t) => {
  const usage = {
    prompt_tokens: 2006,
    completion_tokens: 300,
    total_tokens: 2306,
    prompt_tokens_details: { cached_tokens: 1920, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 192,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
  const units = unitsOfOpenAi(usage);
  t.strictSame(units, { input_tokens: 86, cached_input_tokens: 1920, output_tokens: 300 });
  t.equal(
    Object.values(units).reduce((a, b) => a + b),
    usage.total_tokens,
    'each token once',
  );
  t.end();
});

t.test('OpenAI, responses: the same by other names', (t) => {
  const usage = {
    input_tokens: 328,
    input_tokens_details: { cached_tokens: 128 },
    output_tokens: 52,
    output_tokens_details: { reasoning_tokens: 40 },
    total_tokens: 380,
  };
  const units = unitsOfOpenAi(usage);
  t.strictSame(units, { input_tokens: 200, cached_input_tokens: 128, output_tokens: 52 });
  t.equal(
    Object.values(units).reduce((a, b) => a + b),
    usage.total_tokens,
    'each token once',
  );
  t.end();
});

t.test('those who speak like OpenAI leave the details out, or null', (t) => {
  t.strictSame(unitsOfOpenAi({ prompt_tokens: 26, completion_tokens: 9 }), {
    input_tokens: 26,
    output_tokens: 9,
  });
  t.strictSame(unitsOfOpenAi({ prompt_tokens: 26, completion_tokens: 9, prompt_tokens_details: null }), {
    input_tokens: 26,
    output_tokens: 9,
  });
  const strange = {
    prompt_tokens: 10,
    completion_tokens: null,
    prompt_tokens_details: { cached_tokens: 90 },
  };
  t.strictSame(unitsOfOpenAi(strange), { input_tokens: 0, cached_input_tokens: 10, output_tokens: 0 });
  t.end();
});

t.test('Anthropic: what was read from the cache and written to it stands beside the input', (t) => {
  const usage = {
    input_tokens: 2095,
    cache_creation_input_tokens: 2051,
    cache_read_input_tokens: 18_000,
    cache_creation: { ephemeral_5m_input_tokens: 2051, ephemeral_1h_input_tokens: 0 },
    output_tokens: 503,
    server_tool_use: null,
    service_tier: 'standard',
  };
  t.strictSame(unitsOfAnthropic(usage), {
    ...{ input_tokens: 2095, cached_input_tokens: 18_000 },
    ...{ cache_write_tokens: 2051, output_tokens: 503 },
  });
  const plain = {
    input_tokens: 10,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: 5,
  };
  t.strictSame(unitsOfAnthropic(plain), { input_tokens: 10, output_tokens: 5 });
  t.end();
});
