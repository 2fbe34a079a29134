/**
 * What an AI counted, as units that are disjoint: no token is in two of them. Those of 0 are there too, but for the
 * cache's, so that a service without rates for it need not know of it.
 */
export interface LanguageUnits extends Record<string, number> {
  input_tokens: number;
  output_tokens: number;
}

type Count = number | null | undefined;

/** Of OpenAI's chat completions and of all who speak like it. */
export interface OpenAiChatUsage {
  prompt_tokens?: Count;
  completion_tokens?: Count;
  prompt_tokens_details?: { cached_tokens?: Count } | null;
}

/** Of OpenAI's responses. */
export interface OpenAiResponsesUsage {
  input_tokens?: Count;
  output_tokens?: Count;
  input_tokens_details?: { cached_tokens?: Count } | null;
}

/** Of Anthropic's messages. */
export interface AnthropicUsage {
  input_tokens?: Count;
  output_tokens?: Count;
  cache_read_input_tokens?: Count;
  cache_creation_input_tokens?: Count;
}

/** OpenAI's input has what came from the cache in it; its output has the reasoning in it, which costs the same. */
export function unitsOfOpenAi(usage: OpenAiChatUsage | OpenAiResponsesUsage): LanguageUnits {
  const isChat = 'prompt_tokens' in usage || 'completion_tokens' in usage;
  const chat = usage as OpenAiChatUsage;
  const response = usage as OpenAiResponsesUsage;
  const input = count(isChat ? chat.prompt_tokens : response.input_tokens);
  const details = isChat ? chat.prompt_tokens_details : response.input_tokens_details;
  const cached = Math.min(input, count(details?.cached_tokens));
  const output = count(isChat ? chat.completion_tokens : response.output_tokens);
  return units(input - cached, output, { cached_input_tokens: cached });
}

/** Anthropic's input has neither what was read from the cache in it nor what was written to it. */
export function unitsOfAnthropic(usage: AnthropicUsage): LanguageUnits {
  return units(count(usage.input_tokens), count(usage.output_tokens), {
    cached_input_tokens: count(usage.cache_read_input_tokens),
    cache_write_tokens: count(usage.cache_creation_input_tokens),
  });
}

/** Whole and not below 0, as the service takes them, whatever was sent. */
const count = (tokens: Count): number =>
  typeof tokens === 'number' && tokens > 0 ? Math.min(Math.ceil(tokens), 1e12) : 0;

const units = (input: number, output: number, cache: Record<string, number>): LanguageUnits => ({
  input_tokens: input,
  ...Object.fromEntries(Object.entries(cache).filter(([, tokens]) => tokens > 0)),
  output_tokens: output,
});
