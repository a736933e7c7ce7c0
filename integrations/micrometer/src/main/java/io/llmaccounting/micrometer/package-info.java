/**
 * How calls go, what they consume and how the accounting fares, as Micrometer's meters: {@link
 * io.llmaccounting.micrometer.AccountingMetrics} is a listener and a binder. Knows the api only.
 */
@NullMarked
package io.llmaccounting.micrometer;

import org.jspecify.annotations.NullMarked;
