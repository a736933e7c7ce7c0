package io.llmaccounting.acceptance;

import static io.llmaccounting.testkit.LlmAssertions.assertThat;

import io.llmaccounting.LlmAccounting;
import io.llmaccounting.access.AccessKey;
import io.llmaccounting.access.AccessKeyQuery;
import io.llmaccounting.access.AccessRole;
import io.llmaccounting.access.AccessTerms;
import io.llmaccounting.access.IssuedKey;
import io.llmaccounting.access.ProviderCredential;
import io.llmaccounting.access.Resolution;
import io.llmaccounting.access.SealedBytes;
import io.llmaccounting.admin.AccessTransfer;
import io.llmaccounting.admin.Restored;
import io.llmaccounting.audit.AuditEntry;
import io.llmaccounting.audit.AuditQuery;
import io.llmaccounting.testkit.InMemoryBackend;
import io.llmaccounting.testkit.InMemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Keys and credentials of another store are taken in exactly, once. */
public class AccessTransferAcceptance extends AcceptanceTest {
  private static final AccessTerms WEB = AccessTerms.named("web").withProject("shop");

  private final LlmAccounting source =
      LlmAccounting.builder(InMemoryBackend.open(InMemoryStorage.create(), clock))
          .clock(clock)
          .build();

  @AfterEach
  final void closeTheSource() {
    source.close();
  }

  private AccessTransfer here() {
    return accounting().admin().transfer().access();
  }

  private static List<AccessKey> keys(LlmAccounting accounting) {
    List<AccessKey> keys = new ArrayList<>();
    accounting.admin().transfer().access().keys(keys::add);
    return keys;
  }

  private static List<ProviderCredential> credentials(LlmAccounting accounting) {
    List<ProviderCredential> credentials = new ArrayList<>();
    accounting.admin().transfer().access().credentials(credentials::add);
    return credentials;
  }

  private List<Restored> moved() {
    List<Restored> became = new ArrayList<>();
    keys(source).forEach(key -> became.add(here().restore(key)));
    credentials(source).forEach(one -> became.add(here().restore(one)));
    return became;
  }

  private ProviderCredential credential(String name, int content) {
    return new ProviderCredential(
        source.credentials().newId(),
        "shop",
        "openai",
        name,
        SealedBytes.of(new byte[] {(byte) content}),
        "k1",
        clock.instant());
  }

  @Test
  final void callersGoOnWithTheSecretsThatTheyHave() {
    IssuedKey first = source.access().issue(WEB);
    IssuedKey second = source.access().rotate(first.key().id(), Duration.ofHours(1));
    IssuedKey revoked = source.access().issue(AccessTerms.named("old"));
    source.access().revoke(revoked.key().id());

    assertThat(moved()).containsOnly(Restored.ADDED);

    assertThat(accounting().access().resolve(first.secret())).isInstanceOf(Resolution.Valid.class);
    assertThat(accounting().access().resolve(second.secret())).isInstanceOf(Resolution.Valid.class);
    assertThat(accounting().access().resolve(revoked.secret()))
        .isInstanceOf(Resolution.Revoked.class);
    assertThat(accounting().audit().find(AuditQuery.latest(100)))
        .extracting(AuditEntry::outcome)
        .containsOnly("key restored");
  }

  @Test
  final void allOfThemComeOnceHoweverManyThereAre() {
    IntStream.range(0, 501).forEach(any -> source.access().issue(WEB));
    source.credentials().add(credential("main", 1));

    moved();

    assertThat(keys(accounting())).isEqualTo(keys(source)).hasSize(501);
    assertThat(credentials(accounting())).isEqualTo(credentials(source)).hasSize(1);
  }

  @Test
  final void takingInWhatIsThereChangesNothing() {
    IssuedKey issued = source.access().issue(WEB);
    source.credentials().add(credential("main", 1));
    moved();
    accounting().access().resolve(issued.secret());
    int entries = accounting().audit().find(AuditQuery.latest(100)).size();

    assertThat(moved()).containsOnly(Restored.UNCHANGED);
    assertThat(accounting().audit().find(AuditQuery.latest(100))).hasSize(entries);
  }

  @Test
  final void whatIsAnotherHereStays() {
    IssuedKey issued = source.access().issue(WEB);
    ProviderCredential credential = credential("main", 1);
    here().restore(issued.key().withTerms(WEB.withRoles(AccessRole.READ)));
    here().restore(credential.resealed(SealedBytes.of(new byte[] {2}), "k2"));

    assertThat(here().restore(issued.key())).isEqualTo(Restored.REFUSED);
    assertThat(here().restore(credential)).isEqualTo(Restored.REFUSED);
    AccessKey sameSecret =
        new AccessKey(
            source.credentials().newId(),
            WEB,
            issued.key().digest(),
            null,
            issued.key().hint(),
            clock.instant(),
            null,
            null);
    assertThat(here().restore(sameSecret)).isEqualTo(Restored.REFUSED);
    assertThat(accounting().access().list(AccessKeyQuery.first(10)))
        .extracting(key -> key.terms().roles())
        .containsOnly(Set.of(AccessRole.READ));
  }

  @Test
  final void aDryRunWritesNothing() {
    IssuedKey issued = source.access().issue(WEB);
    ProviderCredential credential = credential("main", 1);
    AccessTransfer dry = accounting().admin().transfer().dryRun().access();

    assertThat(dry.restore(issued.key())).isEqualTo(Restored.ADDED);
    assertThat(dry.restore(credential)).isEqualTo(Restored.ADDED);

    assertThat(keys(accounting())).isEmpty();
    assertThat(credentials(accounting())).isEmpty();
  }
}
