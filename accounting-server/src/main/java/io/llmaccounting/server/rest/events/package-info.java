/** Recording calls that were made elsewhere, and listing what was recorded. */
@NullMarked
package io.llmaccounting.server.rest.events;

import org.jspecify.annotations.NullMarked;
