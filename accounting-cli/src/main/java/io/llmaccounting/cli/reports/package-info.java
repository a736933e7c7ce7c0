/** What was used and what it cost: {@code stats} and {@code tail}. */
@NullMarked
package io.llmaccounting.cli.reports;

import org.jspecify.annotations.NullMarked;
