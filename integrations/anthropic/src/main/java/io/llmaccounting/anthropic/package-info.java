/**
 * Meters the calls of Anthropic's SDK: {@link io.llmaccounting.anthropic.MeteredAnthropic}
 * decorates a client and returns the SDK's own type.
 */
@NullMarked
package io.llmaccounting.anthropic;

import org.jspecify.annotations.NullMarked;
