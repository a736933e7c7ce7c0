/** What was recorded, as the server tells it. */
@NullMarked
package io.llmaccounting.client.internal.reports;

import org.jspecify.annotations.NullMarked;
