package io.llmaccounting.acceptance;

import io.llmaccounting.audit.SealedEntry;
import java.util.UUID;

/** What somebody with access to the database may do behind the library's back. */
public interface Meddling {
  /** Changes the prompt of an entry. */
  void alter(UUID id, String prompt);

  /** Takes an entry away. */
  void remove(UUID id);

  /** Gives each of two entries the place of the other, seal and all. */
  void exchange(SealedEntry one, SealedEntry other);

  /** Puts an entry in; of its fields id, instant, type, prompt and seal are taken over. */
  void insert(SealedEntry forged);
}
