/** How the client fares, and who is told. */
@NullMarked
package io.llmaccounting.client.internal.health;

import org.jspecify.annotations.NullMarked;
