/** What goes well and what fails: counts, failures, the breaker, and threads of our own. */
@NullMarked
package io.llmaccounting.internal.health;

import org.jspecify.annotations.NullMarked;
