/** Encrypts what upstreams are told, so that the store never holds it in the clear. */
@NullMarked
package io.llmaccounting.server.sealing;

import org.jspecify.annotations.NullMarked;
