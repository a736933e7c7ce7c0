/** The accounting that applications embed: start with {@link io.llmaccounting.LlmAccounting}. */
@NullMarked
package io.llmaccounting;

import org.jspecify.annotations.NullMarked;
