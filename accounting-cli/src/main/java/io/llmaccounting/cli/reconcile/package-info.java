/** What a provider counted beside what was recorded: {@code reconcile}. */
@NullMarked
package io.llmaccounting.cli.reconcile;

import org.jspecify.annotations.NullMarked;
