/** Slices of limits that this process keeps, and what it lets in from them. */
@NullMarked
package io.llmaccounting.internal.lease;

import org.jspecify.annotations.NullMarked;
