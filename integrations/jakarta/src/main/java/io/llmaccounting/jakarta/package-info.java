/**
 * Jakarta EE: methods are metered by {@link io.llmaccounting.jakarta.TrackLlmUsage}, requests say
 * who calls by {@link io.llmaccounting.jakarta.CallContextFilter}, and denials are answered over
 * HTTP by {@link io.llmaccounting.jakarta.QuotaExceededFilter} or {@link
 * io.llmaccounting.jakarta.QuotaExceededMapper}.
 */
@NullMarked
package io.llmaccounting.jakarta;

import org.jspecify.annotations.NullMarked;
