/** What threads may see of each other. */
package io.llmaccounting.internal.recording;
