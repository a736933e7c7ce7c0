/** How long data is kept, and how it is purged and erased. */
@NullMarked
package io.llmaccounting.retention;

import org.jspecify.annotations.NullMarked;
