/**
 * Meters the calls of OpenAI's SDK: {@link io.llmaccounting.openai.MeteredOpenAi} decorates a
 * client and returns the SDK's own type.
 */
@NullMarked
package io.llmaccounting.openai;

import org.jspecify.annotations.NullMarked;
