package io.millrace.schemas.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.schemas.ProbeExample;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;

class KafkaConnectionTest {

    private static final String SECRET = "open-sesame";
    private static final String LOGIN_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule required";

    @TempDir
    private Path folder;

    @Test
    void shouldGiveEachClientItsOwnSettings() {
        // Given
        KafkaConnection kafka = new KafkaConnection("localhost:9092", Map.of("security.protocol", "SSL"));

        // When
        Map<String, Object> settings = kafka.clientProperties();
        settings.put("group.id", "mine");

        // Then
        assertThat(kafka.clientProperties())
                .containsOnly(Map.entry("bootstrap.servers", "localhost:9092"), Map.entry("security.protocol", "SSL"));
    }

    @Test
    void shouldLetBootstrapServersWinOverProperties() {
        // Given
        KafkaConnection kafka = new KafkaConnection("localhost:9092", Map.of("bootstrap.servers", "elsewhere:9092"));

        // When
        Map<String, Object> settings = kafka.clientProperties();

        // Then
        assertThat(settings).containsEntry("bootstrap.servers", "localhost:9092");
    }

    @Test
    void shouldNeedNoProperties() {
        assertThat(new KafkaConnection("localhost:9092", null).properties()).isEmpty();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = " ")
    void shouldRejectConnectionWithoutBroker(String bootstrapServers) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KafkaConnection(bootstrapServers, Map.of()))
                .withMessage("kafka.bootstrapServers must name at least one broker as host:port, got \""
                        + bootstrapServers + "\"");
    }

    @Test
    void shouldRejectPropertyWithoutValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new KafkaConnection("localhost:9092", Collections.singletonMap("security.protocol", null)))
                .withMessage("kafka.properties.security.protocol must have a value, got none");
    }

    @Test
    void shouldLetEveryClientReadTheSecretsThatAreReferredTo() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("secrets.properties"), "key=" + SECRET);
        Files.writeString(folder.resolve("store"), SECRET);
        KafkaConnection kafka = connection(Map.of(
                "ssl.key.password", "${file:" + file + ":key}",
                "ssl.keystore.password", "${dir:" + folder + ":store}",
                "ssl.truststore.password", "${env:PATH}"));

        // When
        Map<String, Object> settings = kafka.clientProperties();
        settings.put("key.deserializer", ByteArrayDeserializer.class);
        settings.put("value.deserializer", ByteArrayDeserializer.class);
        settings.put("key.serializer", ByteArraySerializer.class);
        settings.put("value.serializer", ByteArraySerializer.class);

        // Then
        assertThat(settings.toString()).doesNotContain(SECRET);
        assertReads(new AdminClientConfig(settings));
        assertReads(new ConsumerConfig(settings));
        assertReads(new ProducerConfig(settings));
    }

    @Test
    void shouldLeaveProvidersToWhoeverNamesSome() {
        // Given
        KafkaConnection kafka = connection(Map.of("config.providers", "vault", "ssl.key.password", "${env:NOWHERE}"));

        // When
        Map<String, Object> settings = kafka.clientProperties();

        // Then
        assertThat(settings).containsEntry("config.providers", "vault").doesNotContainKey("config.providers.env.class");
    }

    @ParameterizedTest
    @ValueSource(strings = {"${env:MILLRACE_NOWHERE}", "${file:FOLDER/secrets:nowhere}", "${dir:FOLDER:nowhere}"})
    void shouldNameTheReferenceThatLeadsNowhere(String pattern) throws IOException {
        // Given
        Files.writeString(folder.resolve("secrets"), "key=" + SECRET);
        String reference = pattern.replace("FOLDER", folder.toString());
        KafkaConnection kafka = connection(Map.of("ssl.key.password", reference));

        // When
        var thrown = assertThatIllegalArgumentException().isThrownBy(kafka::clientProperties);

        // Then
        thrown.withMessage("kafka.properties.ssl.key.password refers to " + reference
                + ", which is not there. Set the environment variable, or write the file or the key in it.");
    }

    @Test
    void shouldNameTheFileOfSecretsThatCannotBeRead() {
        // Given
        KafkaConnection kafka = connection(Map.of("ssl.key.password", "${file:" + folder + "/nowhere:key}"));

        // When
        var thrown = assertThatIllegalArgumentException().isThrownBy(kafka::clientProperties);

        // Then
        thrown.withMessage("kafka.properties refer to what cannot be read: Could not read properties from file "
                + folder + "/nowhere.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open-sesame",
                LOGIN_MODULE + " username=\"a\" password=\"open-sesame\"",
                LOGIN_MODULE + " username=a password=open open-sesame;",
                LOGIN_MODULE + " username=\"a\" password=\"open\"open-sesame\";",
                LOGIN_MODULE + " username=\"a\" password=\"open-sesame\n\";"
            })
    void shouldNotShowALoginThatCannotBeRead(String login) {
        // Given
        KafkaConnection kafka = connection(Map.of("sasl.jaas.config", login));

        // When
        var thrown = assertThatIllegalArgumentException().isThrownBy(kafka::clientProperties);

        // Then
        thrown.withMessageStartingWith("kafka.properties.sasl.jaas.config must read MODULE required NAME=\"VALUE\"")
                .withMessageNotContaining(SECRET)
                .withNoCause();
    }

    @Test
    void shouldNameItsPropertiesWithoutTheirValues() {
        // Given
        KafkaConnection kafka = connection(Map.of("ssl.key.password", SECRET, "security.protocol", "SSL"));

        // When
        String shown = kafka.toString();

        // Then
        assertThat(shown)
                .isEqualTo("KafkaConnection[bootstrapServers=localhost:9092,"
                        + " properties=[security.protocol, ssl.key.password], prefix=]");
    }

    @Test
    void shouldLeaveEveryNameAsItIsWithoutAPrefix() {
        // Given
        KafkaConnection kafka = new KafkaConnection("localhost:9092", null, null);

        // When / Then
        assertThat(kafka.prefix()).isEmpty();
        assertThat(kafka.named("millrace-trainer")).isEqualTo("millrace-trainer");
        assertThat(Topics.ALL)
                .allSatisfy(topic -> assertThat(kafka.topic(topic)).isEqualTo(topic));
    }

    @Test
    void shouldPutThePrefixBeforeEveryName() {
        // Given
        KafkaConnection kafka = new KafkaConnection("localhost:9092", Map.of(), "team_a.eu-1.");

        // When
        Topic<ProbeExample> topic = kafka.topic(Topics.PROBES);

        // Then
        assertThat(kafka.named("millrace-trainer")).isEqualTo("team_a.eu-1.millrace-trainer");
        assertThat(topic.name()).isEqualTo("team_a.eu-1.probes");
        assertThat(topic.definition().name()).isEqualTo("team_a.eu-1.probes");
        assertThat(topic.definition().configs())
                .isEqualTo(Topics.PROBES.definition().configs());
    }

    @Test
    void shouldKeepEverythingElseWithAnotherPrefix() {
        // Given
        KafkaConnection kafka = connection(Map.of("security.protocol", "SSL"));

        // When / Then
        assertThat(kafka.withPrefix("ours-"))
                .isEqualTo(new KafkaConnection("localhost:9092", Map.of("security.protocol", "SSL"), "ours-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Ours-", "our team-", "ours/", "\u00fcber-", "ours\n"})
    void shouldRejectPrefixThatNoTopicCouldHave(String prefix) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KafkaConnection("localhost:9092", Map.of(), prefix))
                .withMessage("kafka.prefix must be at most 64 lower-case letters, digits, -, _ and ., got \"" + prefix
                        + "\"");
    }

    @Test
    void shouldLeaveRoomForTheNameBehindThePrefix() {
        assertThat(KafkaConnection.faultOfPrefix("a".repeat(64))).isEmpty();
        assertThat(KafkaConnection.faultOfPrefix("a".repeat(65))).isPresent();
    }

    @Test
    void shouldRejectPrefixThatGivesATopicTheNameOfAnotherInstallationsTopic() {
        // Given what turns the name of one topic into that of another
        List<String> turning = Topics.ALL.stream()
                .flatMap(longer -> Topics.ALL.stream()
                        .filter(topic -> !longer.equals(topic) && longer.name().endsWith(topic.name()))
                        .map(topic -> longer.name()
                                .substring(
                                        0, longer.name().length() - topic.name().length())))
                .toList();

        // When / Then
        assertThat(turning).isNotEmpty().allSatisfy(prefix -> assertThatIllegalArgumentException()
                .isThrownBy(() -> new KafkaConnection("localhost:9092", Map.of(), "ours-" + prefix))
                .withMessage("kafka.prefix must not end with " + prefix + ", got \"ours-" + prefix
                        + "\": the topic ours-" + prefix + "examples could be another installation's"));
    }

    private static KafkaConnection connection(Map<String, String> properties) {
        return new KafkaConnection("localhost:9092", properties);
    }

    private static void assertReads(AbstractConfig client) {
        assertThat(client.getPassword("ssl.key.password").value()).isEqualTo(SECRET);
        assertThat(client.getPassword("ssl.keystore.password").value()).isEqualTo(SECRET);
        assertThat(client.getPassword("ssl.truststore.password").value()).isEqualTo(System.getenv("PATH"));
    }

    @Test
    void shouldWaitLongForABrokerThatIsAwayUnlessTheUserSaysOtherwise() {
        // Given
        KafkaConnection silent = new KafkaConnection("broker-1:9092", Map.of());
        KafkaConnection impatient = new KafkaConnection("broker-1:9092", Map.of("default.api.timeout.ms", "1000"));

        // When / Then
        assertThat(silent.serviceProperties()).containsEntry("default.api.timeout.ms", 300_000);
        assertThat(impatient.serviceProperties()).containsEntry("default.api.timeout.ms", "1000");
    }
}
