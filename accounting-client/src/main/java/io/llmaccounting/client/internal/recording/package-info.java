/** Records on their way to the server. */
@NullMarked
package io.llmaccounting.client.internal.recording;

import org.jspecify.annotations.NullMarked;
