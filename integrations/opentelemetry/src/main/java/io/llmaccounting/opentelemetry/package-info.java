/**
 * OpenTelemetry, both ways: {@link io.llmaccounting.opentelemetry.AccountingTelemetry} tells it of
 * calls, and {@link io.llmaccounting.opentelemetry.GenAiSpans} records calls that spans of other
 * instrumentation tell of. Knows the api only.
 */
@NullMarked
package io.llmaccounting.opentelemetry;

import org.jspecify.annotations.NullMarked;
