/**
 * Reads from the body of a request, before it is sent, which model is asked for how much. Knows the
 * shapes of providers' requests and the values of the api; neither the accounting nor a network.
 */
@NullMarked
package io.llmaccounting.providers.request;

import org.jspecify.annotations.NullMarked;
