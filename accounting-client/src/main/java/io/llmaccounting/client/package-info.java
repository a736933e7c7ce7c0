/**
 * Meters calls by an accounting server, over HTTP: the calls of the api for applications without a
 * database.
 */
@NullMarked
package io.llmaccounting.client;

import org.jspecify.annotations.NullMarked;
