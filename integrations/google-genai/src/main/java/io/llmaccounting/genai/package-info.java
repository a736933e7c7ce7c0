/**
 * Meters the calls of Google's Gen AI SDK: {@link io.llmaccounting.genai.MeteredGenAi} makes the
 * options of a client that is metered.
 */
@NullMarked
package io.llmaccounting.genai;

import org.jspecify.annotations.NullMarked;
