/** How an accounting fares, what it tells listeners, and what happens when it fails. */
@NullMarked
package io.llmaccounting.health;

import org.jspecify.annotations.NullMarked;
