/** What is counted, so that it can be looked at. */
@NullMarked
package io.llmaccounting.internal.health;

import org.jspecify.annotations.NullMarked;
