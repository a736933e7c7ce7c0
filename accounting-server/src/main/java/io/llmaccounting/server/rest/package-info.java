/** The REST interface: what the contract says, and who may ask it. */
@NullMarked
package io.llmaccounting.server.rest;

import org.jspecify.annotations.NullMarked;
