/** What happens while the store cannot be reached. */
@NullMarked
package io.llmaccounting.internal.outage;

import org.jspecify.annotations.NullMarked;
