/** Room that is held for calls under way. */
@NullMarked
package io.llmaccounting.server.rest.reservations;

import org.jspecify.annotations.NullMarked;
