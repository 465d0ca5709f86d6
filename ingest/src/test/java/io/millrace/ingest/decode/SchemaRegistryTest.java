package io.millrace.ingest.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.schemas.RejectionReason;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

class SchemaRegistryTest {

    private static final String RECORD = "{\"type\":\"record\",\"name\":\"R\",\"fields\":[]}";

    @AutoClose
    private final StubRegistry server = new StubRegistry();

    @AutoClose
    private final SchemaRegistry registry = new SchemaRegistry(server.config(), null);

    @Test
    void shouldAskForASchemaOnce() throws Exception {
        // Given
        server.add(7, "AVRO", RECORD);

        // When
        RegisteredSchema schema = registry.schema(7);
        RegisteredSchema again = registry.schema(7);

        // Then
        assertThat(schema)
                .isEqualTo(new RegisteredSchema("AVRO", RECORD, Map.of()))
                .isSameAs(again);
        assertThat(server.asked()).containsExactly("/schemas/ids/7");
    }

    @Test
    void shouldCollectWhatASchemaRefersToWithTheDeepestFirst() throws Exception {
        // Given
        server.add(1, "AVRO", "top", new StubRegistry.Reference("acme.Shop", "acme shop", 3));
        server.addVersion("acme shop", 3, "shop", new StubRegistry.Reference("acme.Town", "town", 1));
        server.addVersion("town", 1, "town");

        // When
        RegisteredSchema schema = registry.schema(1);

        // Then
        assertThat(schema.references()).containsExactly(Map.entry("acme.Town", "town"), Map.entry("acme.Shop", "shop"));
    }

    @Test
    void shouldRejectForASchemaThatTheRegistryDeniesAndNotAskAgainAtOnce() {
        // When
        UndecodableException denied = catchThrowableOfType(UndecodableException.class, () -> registry.schema(-1));
        UndecodableException again = catchThrowableOfType(UndecodableException.class, () -> registry.schema(-1));

        // Then
        assertThat(denied.reason()).isEqualTo(RejectionReason.UNKNOWN_SCHEMA).isEqualTo(again.reason());
        assertThat(denied)
                .hasMessage("schema id: expected one that the schema registry has, got 4294967295, which it does not");
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void shouldAskUntilItIsAnswered() throws Exception {
        // Given
        server.add(7, "AVRO", RECORD);
        server.fail(2, 503);

        // When
        RegisteredSchema schema = registry.schema(7);

        // Then
        assertThat(schema.text()).isEqualTo(RECORD);
        assertThat(server.asked()).hasSize(3);
    }

    @Test
    void shouldTakeA404OfAnythingElseThanARegistryForAnOutage() {
        // Given
        server.fail(1000, 404);

        // When
        try (SchemaRegistry impatient = new SchemaRegistry(server.config(Duration.ofMillis(150)), null)) {
            // Then
            assertThatThrownBy(() -> impatient.schema(7))
                    .isInstanceOf(RegistryAwayException.class)
                    .hasMessageContaining("cannot be asked: it does not answer with JSON to /schemas/ids/7")
                    .hasMessageContaining("Check ingest.registry.url")
                    .hasMessageContaining("Nothing was rejected for it")
                    .hasMessageContaining("a restart reads the same records again");
        }
    }

    @Test
    void shouldStopWaitingWhenItIsClosed() {
        // Given
        server.close();
        registry.close();

        // Then
        assertThatThrownBy(() -> registry.schema(7))
                .isInstanceOf(RegistryAwayException.class)
                .hasMessageContaining("was closed while it waited");
    }

    @Test
    void shouldSendItsCredentials() throws Exception {
        // Given
        server.add(7, "AVRO", RECORD);

        // When
        try (SchemaRegistry secured = new SchemaRegistry(server.config(), "us\u00E9r:pass")) {
            secured.schema(7);
        }

        // Then
        assertThat(server.authorizations()).containsExactly("Basic dXPDqXI6cGFzcw==");
    }

    @Test
    void shouldCheckAtTheStartThatARegistryAnswers() {
        // Given
        registry.check();

        // When
        server.fail(1, 401);

        // Then
        assertThatThrownBy(registry::check)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it answers 401 to /schemas/types")
                .hasMessageContaining("ingest.registry.credentials");
    }

    @Test
    void shouldRefuseAnAddressThatIsNoneAndNotShowIt() {
        assertThatThrownBy(() -> new RegistryConfig("http://user:secret@registry", null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ingest.registry.url must be http://HOST:PORT")
                .hasMessageNotContaining("secret");
        assertThat(new RegistryConfig("http://registry", "secret", null))
                .asString()
                .doesNotContain("secret");
    }
}
