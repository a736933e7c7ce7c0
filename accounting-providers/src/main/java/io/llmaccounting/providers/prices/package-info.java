/** What providers charge: a dated table of prices, and what a call costs under it. */
@NullMarked
package io.llmaccounting.providers.prices;

import org.jspecify.annotations.NullMarked;
