package io.llmaccounting.internal.outage;

import io.llmaccounting.backend.BackendException;
import io.llmaccounting.backend.UsageBackend;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.InMemoryStorage;
import io.llmaccounting.testkit.contract.AccessKeyContract;
import io.llmaccounting.testkit.contract.AuditLogContract;
import io.llmaccounting.testkit.contract.CredentialContract;
import io.llmaccounting.testkit.contract.DenialAndAlertContract;
import io.llmaccounting.testkit.contract.DirectoryContract;
import io.llmaccounting.testkit.contract.FilterContract;
import io.llmaccounting.testkit.contract.HoldContract;
import io.llmaccounting.testkit.contract.LedgerRecordingContract;
import io.llmaccounting.testkit.contract.LifecycleContract;
import io.llmaccounting.testkit.contract.LimitEditContract;
import io.llmaccounting.testkit.contract.LimitStoreContract;
import io.llmaccounting.testkit.contract.MaintenanceContract;
import io.llmaccounting.testkit.contract.PurgeContract;
import io.llmaccounting.testkit.contract.ReportContract;
import io.llmaccounting.testkit.contract.UsageStoreContract;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Nested;

/** Once its store is there, a late backend does what every backend does. */
class LateBackendContractTest {
  private static UsageBackend late(InMemoryStorage storage, InstantSource clock) {
    AtomicBoolean isThere = new AtomicBoolean();
    return LateBackend.open(
        () -> {
          if (!isThere.getAndSet(true)) {
            throw new BackendException(BackendException.Kind.UNAVAILABLE, "not yet");
          }
          return InMemoryBackend.open(storage, clock);
        });
  }

  @Nested
  class OfAccessKey extends AccessKeyContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfAuditLog extends AuditLogContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfCredential extends CredentialContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfDirectory extends DirectoryContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfDenialAndAlert extends DenialAndAlertContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfFilter extends FilterContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfHold extends HoldContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfLedgerRecording extends LedgerRecordingContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfLifecycle extends LifecycleContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfLimitEdits extends LimitEditContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfLimitStore extends LimitStoreContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfMaintenance extends MaintenanceContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfPurge extends PurgeContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfReport extends ReportContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }

  @Nested
  class OfUsageStore extends UsageStoreContract {
    private final InMemoryStorage storage = InMemoryStorage.create();

    @Override
    protected UsageBackend open(InstantSource clock) {
      return late(storage, clock);
    }
  }
}
