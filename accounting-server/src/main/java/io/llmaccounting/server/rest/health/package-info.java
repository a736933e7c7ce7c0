/** How the server fares. */
@NullMarked
package io.llmaccounting.server.rest.health;

import org.jspecify.annotations.NullMarked;
