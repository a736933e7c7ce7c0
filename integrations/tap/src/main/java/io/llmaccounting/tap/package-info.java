/**
 * What adapters share. A {@link io.llmaccounting.tap.Tap} makes a {@link
 * io.llmaccounting.tap.MeteredRequest} of what a client is about to send, and that an {@link
 * io.llmaccounting.tap.Exchange}, which reads the answer as it passes and ends whatever way the
 * answer ends. Knows the api and the readers of providers' shapes, no HTTP library and no
 * accounting.
 */
@NullMarked
package io.llmaccounting.tap;

import org.jspecify.annotations.NullMarked;
