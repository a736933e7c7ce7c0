/** What calls cost, and why. */
@NullMarked
package io.llmaccounting.server.rest.prices;

import org.jspecify.annotations.NullMarked;
